"""One's own sessions: listed, and ended at once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session as DjangoSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Session
from accounts.schedule import delete_expired_sessions
from core.staff_log.models import StaffAction
from tests.accounts.conftest import code_of
from tests.factories import BROWSER, make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/account/sessions/"
OWN_PASSWORD = {"password": "secret"}
PHONE = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0"


@pytest.fixture
def user():
    return make_user("Editors")


def open_session(user, ip: str = "203.0.113.7", agent: str = BROWSER) -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=ip)
    client.post("/admin/login/", {"username": user.username, "password": "secret"})
    return client


def is_logged_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_it_lists_browser_and_address_of_each_session(user):
    desk, phone = open_session(user), open_session(user, "2001:db8::7", PHONE)
    open_session(make_user(), "198.51.100.1")
    page = desk.get(PAGE).content.decode()
    assert "Firefox, Linux" in page
    assert "203.0.113.7" in page
    assert "Chrome, Android" in page
    assert "2001:db8::7" in page
    assert "198.51.100.1" not in page
    assert page.count("This session") == 1
    assert phone.session.session_key not in page


def test_a_session_is_ended_at_once(user):
    desk, phone = open_session(user), open_session(user, agent=PHONE)
    session = Session.objects.get(session_key=phone.session.session_key)
    url = f"{PAGE}{session.public_id}/"
    assert url in desk.get(PAGE).content.decode()
    assert "Chrome, Android" in desk.get(url).content.decode()
    assert is_logged_in(phone), "opening the page changes nothing"
    assert desk.post(url, OWN_PASSWORD).url == PAGE
    assert not is_logged_in(phone)
    assert is_logged_in(desk)


def test_all_others_are_ended_at_once(user):
    desk, *others = (open_session(user) for _number in range(3))
    stranger = open_session(make_user())
    assert f"{PAGE}others/" in desk.get(PAGE).content.decode()
    desk.post(f"{PAGE}others/", OWN_PASSWORD)
    assert is_logged_in(desk)
    assert is_logged_in(stranger)
    assert not any(is_logged_in(other) for other in others)


def test_nobody_ends_a_session_of_somebody_else(user):
    other = open_session(make_user())
    session = Session.objects.get(session_key=other.session.session_key)
    client = open_session(user)
    for public_id in (session.public_id, other.session.session_key, "x", "0" * 64):
        assert client.post(f"{PAGE}{public_id}/", OWN_PASSWORD).url == PAGE
    assert is_logged_in(other)
    assert is_logged_in(client)


class TestThePassword:
    """Ending sessions asks for one's own password."""

    @pytest.fixture
    def root(self):
        return make_user(is_superuser=True)

    @pytest.fixture
    def client(self, root):
        return open_session(root)

    @pytest.fixture
    def urls(self, root, user):
        """Each page that ends sessions, or resets a second factor."""
        session = Session.objects.get(session_key=open_session(root).session.session_key)
        account = f"/admin/auth/user/{user.pk}/"
        TOTPDevice.objects.create(user=user, name="app", confirmed=True)
        return [
            f"{PAGE}{session.public_id}/",
            f"{PAGE}others/",
            f"{account}sessions/",
            f"{account}second-factor/",
        ]

    @pytest.mark.parametrize(
        "sent", [{}, {"password": ""}, {"password": "wrong"}, {"password": "x" * 300}]
    )
    def test_nothing_happens_without_it(self, client, urls, user, sent):
        open_session(user)
        for url in urls:
            page = client.post(url, sent)
            assert page.status_code == (422 if sent else 200), url
            assertContains(page, 'autocomplete="current-password"', status_code=page.status_code)
        assert Session.objects.count() == 3
        assert TOTPDevice.objects.exists()

    def test_the_password_of_somebody_else_is_not_enough(self, client, urls, user):
        user.set_password("another-password")
        user.save()
        for url in urls:
            assert client.post(url, {"password": "another-password"}).status_code == 422

    def test_wrong_ones_count_like_failed_log_ins(self, client, urls, root):
        answers = [client.post(url, {"password": "wrong"}) for url in [*urls, urls[0]]]
        assert [answer.status_code for answer in answers] == [422] * 4 + [429]
        assert client.post(urls[0], OWN_PASSWORD).status_code == 429, "even the right one"
        assert Session.objects.count() == 2
        log_in = {"username": root.username, "password": "secret"}
        assert Client(REMOTE_ADDR="203.0.113.7").post("/admin/login/", log_in).status_code == 429

    def test_those_on_the_page_of_a_new_password_count_too(self, client, root):
        new = {"new_password1": "a-good-password-7", "new_password2": "a-good-password-7"}
        page = "/admin/password_change/"
        answers = [client.post(page, new | {"old_password": "wrong"}) for _time in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 4 + [429]
        assert client.post(page, new | {"old_password": "secret"}).status_code == 429
        root.refresh_from_db()
        assert root.check_password("secret")
        assert StaffAction.objects.filter(kind=StaffAction.Kind.LOG_IN_FAILED).exists()

    def test_wrong_ones_are_logged(self, client, urls, root):
        client.post(urls[1], {"password": "wrong"})
        entry = StaffAction.objects.latest("pk")
        assert (entry.kind, entry.user) == (StaffAction.Kind.LOG_IN_FAILED, root)


class TestOfSomebodyElse:
    """The page that ends all sessions of a user, for those who may change accounts."""

    def test_all_are_ended_after_a_confirmation_and_it_is_logged(self, as_user, user):
        root = make_user(is_superuser=True, username="root")
        desk, phone, stranger = open_session(user), open_session(user), open_session(make_user())
        admin, page = as_user(root), f"/admin/auth/user/{user.pk}/"
        url = f"{page}sessions/"
        assert url in admin.get(f"{page}change/").content.decode()
        assert user.username in admin.get(url).content.decode()
        assert is_logged_in(desk)
        assert is_logged_in(phone)
        assert admin.post(url, OWN_PASSWORD).url == f"{page}change/"
        assert not is_logged_in(desk)
        assert not is_logged_in(phone)
        assert is_logged_in(stranger)
        entry = StaffAction.objects.latest("pk")
        assert (entry.username, entry.object_repr) == ("root", user.username)
        assert entry.get_change_message() == "Ended all sessions."

    @pytest.mark.parametrize(("role", "status"), [("Managers", 403), ("", 403), (None, 302)])
    def test_others_may_not(self, client, as_user, user, role, status):
        own = open_session(user)
        other = client if role is None else as_user(make_user(*filter(None, [role])))
        for send in (other.get, other.post):
            assert send(f"/admin/auth/user/{user.pk}/sessions/").status_code == status
        assert is_logged_in(own)

    def test_those_who_only_view_accounts_get_no_button(self, as_user, user):
        viewer = make_user()
        viewer.user_permissions.add(Permission.objects.get(codename="view_user"))
        page = as_user(viewer).get(f"/admin/auth/user/{user.pk}/change/")
        assertNotContains(page, '/sessions/">End all sessions')
        assert as_user(viewer).post(f"/admin/auth/user/{user.pk}/sessions/").status_code == 403

    def test_a_missing_account_is_not_found(self, as_user):
        root = as_user(make_user(is_superuser=True))
        assert root.post("/admin/auth/user/99999/sessions/", OWN_PASSWORD).status_code == 404


def test_opening_a_page_that_ends_sessions_ends_none(user):
    client, other = open_session(user), open_session(user)
    assert client.get(f"{PAGE}others/").status_code == 200
    assert is_logged_in(other)


def test_a_request_does_not_write_the_session_each_time(user):
    client = open_session(user)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    assert not [query for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_the_last_use_is_stored_every_few_minutes(user):
    client = open_session(user)
    before = timezone.now() - timedelta(minutes=6)
    Session.objects.update(last_seen_at=before)
    client.get(PAGE)
    assert Session.objects.get().last_seen_at > before


class TestWithoutUse:
    """A session that is not used ends before its seven days are over."""

    @pytest.fixture(autouse=True)
    def _an_hour(self, settings):
        settings.SESSION_IDLE_TIME = timedelta(hours=1)

    def leave_unused(self, **time) -> None:
        Session.objects.update(last_seen_at=timezone.now() - timedelta(**time))

    def test_it_ends_after_the_time(self, user):
        client = open_session(user)
        self.leave_unused(minutes=66)
        assert client.get("/admin/").headers["Location"].startswith("/admin/login/")

    def test_it_lasts_as_long_as_it_is_used(self, user):
        client = open_session(user)
        for _hour in range(3):
            self.leave_unused(minutes=59)
            assert is_logged_in(client)
        assert Session.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)

    def test_the_delay_in_storing_the_last_use_ends_none_too_early(self, user):
        client = open_session(user)
        self.leave_unused(minutes=64)
        assert is_logged_in(client)

    def test_it_is_neither_listed_nor_kept(self, user):
        open_session(user)
        self.leave_unused(minutes=66)
        client = open_session(user)
        assert len(client.get(PAGE).context["sessions"]) == 1
        delete_expired_sessions()
        assert Session.objects.get().session_key == client.session.session_key

    def test_with_0_it_does_not_end(self, user, settings):
        settings.SESSION_IDLE_TIME = timedelta(0)
        client = open_session(user)
        self.leave_unused(days=6)
        assert is_logged_in(client)

    def test_its_end_is_checked_without_a_further_query(self, user, django_assert_num_queries):
        client = open_session(user)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        assert len([query for query in queries if "accounts_session" in query["sql"]]) == 2


def test_the_log_in_time_and_the_address_stay_when_the_session_changes(user):
    client = open_session(user)
    began = Session.objects.get().began_at
    session = client.session
    session["something"] = "new"
    session.save()
    row = Session.objects.get()
    assert (row.began_at, row.ip, row.user) == (began, "203.0.113.7", user)


def test_a_changed_password_ends_the_other_sessions_and_the_list_shows_it(user):
    desk, phone = open_session(user), open_session(user, agent=PHONE)
    new = {"new_password1": "a-good-password-7", "new_password2": "a-good-password-7"}
    desk.post("/admin/password_change/", {"old_password": "secret"} | new)
    assert not is_logged_in(phone)
    assert len(desk.get(PAGE).context["sessions"]) == 1


def test_a_new_second_factor_ends_the_other_sessions(user):
    desk, phone = open_session(user), open_session(user, agent=PHONE)
    page = "/admin/account/second-factor/"
    desk.get(page)
    desk.post(page, OWN_PASSWORD | {"code": code_of(TOTPDevice.objects.get())})
    assert is_logged_in(desk)
    assert not is_logged_in(phone)


def test_a_user_who_is_deleted_has_no_session(user):
    client = open_session(user)
    user.delete()
    assert not Session.objects.exists()
    assert not is_logged_in(client)


def test_a_header_of_any_length_is_no_error(user):
    client = open_session(user, agent="x" * 5000)
    assert is_logged_in(client)


def test_expired_sessions_are_deleted(user):
    open_session(user), open_session(user)
    kept = Session.objects.first()
    Session.objects.exclude(pk=kept.pk).update(expire_date=timezone.now() - timedelta(days=1))
    delete_expired_sessions()
    assert list(Session.objects.all()) == [kept]
    assert not DjangoSession.objects.exists()


def test_the_queries_of_the_page_do_not_grow(user, django_assert_num_queries):
    client = open_session(user)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    count = len(few)
    for _number in range(10):
        open_session(user)
    with django_assert_num_queries(count):
        client.get(PAGE)
