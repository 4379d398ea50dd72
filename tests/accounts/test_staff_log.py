"""The log of what staff did."""

import csv
import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin.staff_log import ObjectKindFilter
from core.staff_log.models import StaffAction
from core.staff_log.services import delete_old_actions, log_action
from inquiries.services import add_note, assign_inquiry
from news.services.publishing import withdraw_article
from tests.accounts.conftest import code_of, wrong_code
from tests.factories import make_article, make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/staff_log/staffaction/"
EXPORT = f"{LIST}export/"
Kind = StaffAction.Kind


@pytest.fixture
def boss():
    return make_user(is_superuser=True, username="boss")


@pytest.fixture
def client(as_user, boss):
    client = as_user(boss)
    client.defaults["REMOTE_ADDR"] = "203.0.113.7"
    return client


def logged() -> list[tuple]:
    """Kind, user name, object and details of all entries, the oldest first."""
    entries = StaffAction.objects.order_by("pk")
    return [(e.kind, e.username, e.object_repr, e.get_change_message()) for e in entries]


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))


class TestWhatIsLogged:
    def test_a_form_of_the_admin_logs_the_changed_fields_and_the_address(self, client, boss):
        client.post("/admin/auth/group/add/", {"name": "Clerks"})
        pk = Group.objects.get(name="Clerks").pk
        client.post(f"/admin/auth/group/{pk}/change/", {"name": "Office"})
        client.post(f"/admin/auth/group/{pk}/change/", {"name": "Office"})
        assert logged() == [
            ("added", "boss", "Clerks", "Added."),
            ("changed", "boss", "Office", "Changed Name."),
        ]
        entry = StaffAction.objects.first()
        assert (entry.user, entry.ip) == (boss, "203.0.113.7")

    def test_a_deletion_is_logged_and_outlives_the_object_and_the_account(self, client, boss):
        contact = make_contact(name="July")
        client.post(f"/admin/contacts/contact/{contact.pk}/delete/", {"post": "yes"})
        boss.delete()
        assert logged() == [("deleted", "boss", "July", "")]

    def test_log_ins_and_log_outs_are_logged(self, log_in):
        user = make_user(username="july")
        client, _response = log_in(user)
        client.post("/admin/logout/")
        assert logged() == [("logged_in", "july", "july", ""), ("logged_out", "july", "july", "")]

    def test_failed_log_ins_are_logged_without_what_was_typed(self, log_in, client):
        log_in(make_user(username="july"), password="wrong")
        client.logout()
        client.post("/admin/login/", {"username": "my secret", "password": "x"})
        assert logged() == [("log_in_failed", "july", "july", ""), ("log_in_failed", "", "", "")]

    def test_wrong_codes_and_the_second_factor_are_logged(self, log_in, as_user):
        user = make_user(username="july")
        page = "/admin/account/second-factor/"
        own = as_user(user)
        own.get(page)
        device = TOTPDevice.objects.get()
        own.post(page, {"password": "secret", "code": code_of(device)})
        client, _response = log_in(user)
        client.post("/admin/login/code/", {"code": wrong_code(device)})
        assert logged() == [
            ("account", "july", "july", "Turned the second factor on."),
            ("log_in_failed", "july", "july", "Wrong code."),
        ]

    def test_services_that_staff_pages_call_are_logged(self, boss):
        inquiry = make_inquiry()
        assign_inquiry(inquiry, make_contact(name="July"), by=boss)
        add_note(inquiry, "The buyer is a friend", by=boss)
        reference = inquiry.reference
        assert logged() == [
            ("changed", "boss", reference, "Assigned to"),
            ("changed", "boss", reference, "Internal note"),
        ]

    def test_each_action_of_the_form_of_an_inquiry_is_logged_once(self, client):
        inquiry, contact = make_inquiry(), make_contact(name="July")
        page = f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
        assert client.post(page, {"contact": contact.pk, "new_status": "new"}).status_code == 302
        assert logged() == [("changed", "boss", inquiry.reference, "Assigned to")]
        form = client.get(page).context["adminform"].form
        sent = {"contact": contact.pk, "new_status": "assigned", "note": "Ask July"}
        sent["snapshot"] = form["snapshot"].value()
        assert client.post(page, sent).status_code == 302
        assert logged()[1:] == [("changed", "boss", inquiry.reference, "Internal note")]
        sent["snapshot"] = client.get(page).context["adminform"].form["snapshot"].value()
        client.post(page, sent | {"note": ""})
        assert len(logged()) == 2, "nothing was changed"

    def test_what_the_site_does_by_itself_is_not_logged(self):
        assign_inquiry(make_inquiry(), make_contact(), by=None)
        assert logged() == []

    def test_exports_are_logged(self, client):
        make_inquiry()
        client.post("/admin/inquiries/inquiry/export/", {"format": "0", "resource": "0"})
        client.get(EXPORT)
        entries = StaffAction.objects.filter(kind=Kind.EXPORTED).order_by("pk")
        assert [e.content_type.model for e in entries] == ["inquiry", "staffaction"]

    def test_a_changed_password_is_logged(self, client):
        new = {"new_password1": "a-good-password-7", "new_password2": "a-good-password-7"}
        client.post("/admin/password_change/", {"old_password": "wrong"} | new)
        text = "Wrong password on a page that asks for it again."
        failed = ("log_in_failed", "boss", "boss", text)
        assert logged() == [failed]
        client.post("/admin/password_change/", {"old_password": "secret"} | new)
        assert logged() == [failed, ("account", "boss", "boss", "Changed the password.")]

    def test_a_forged_address_of_a_proxy_is_left_out(self, client, settings):
        settings.PROXY_COUNT = 1
        client.post("/admin/logout/", headers={"X-Forwarded-For": "<script>"})
        assert StaffAction.objects.get().ip is None


class TestLanguages:
    """What is logged is shown in the language of the reader, not in that of the actor."""

    def test_details_are_stored_in_no_language(self, boss):
        with translation.override("zh-hans"):
            assign_inquiry(make_inquiry(), make_contact(), by=boss)
            withdraw_article(make_article(title="News"), by=boss)
        assert [details for *_, details in logged()] == ["Assigned to", "Unpublished"]
        with translation.override("zh-hans"):
            shown = [details for *_, details in logged()]
            assert shown == [gettext("Assigned to"), gettext("Unpublished")]
        assert "Assigned to" not in shown

    def test_values_stand_in_the_translated_text(self, boss):
        text = gettext_lazy("Accepted the invitation as %s.")
        with translation.override("ar"):
            log_action(Kind.ACCOUNT, boss, by=boss, message=text, values=["100% {Sales}"])
        entry = StaffAction.objects.get()
        assert entry.get_change_message() == "Accepted the invitation as 100% {Sales}."
        with translation.override("ar"):
            assert entry.get_change_message() == str(text) % "100% {Sales}"

    @pytest.mark.parametrize("text", ["已分配给", "July's change", "50% off", "{x}.csv", ""])
    def test_earlier_entries_and_names_of_files_are_shown_as_they_are(self, boss, text):
        log_action(Kind.CHANGED, boss, by=boss, message=text)
        with translation.override("ar"):
            assert StaffAction.objects.get().get_change_message() == text

    def test_kinds_of_objects_are_translated_and_told_apart(self, client):
        for language, category in (("en", "category"), ("zh-hans", "分类"), ("ar", "فئة")):
            page = client.get(LIST, headers={"Accept-Language": language})
            [names] = [
                [str(text) for _value, text in spec.lookup_choices]
                for spec in page.context["cl"].filter_specs
                if isinstance(spec, ObjectKindFilter)
            ]
            assert len(names) == len(set(names))
            with translation.override(language):
                assert f"{gettext('News')} | {category}" in names


class TestList:
    def test_it_filters_by_user_kind_of_object_action_and_time(self, client, boss):
        july = make_user(username="july")
        log_action(Kind.CHANGED, make_article(title="News"), by=july)
        log_action(Kind.DELETED, make_contact(name="Abner"), by=boss)
        StaffAction.objects.filter(user=boss).update(at=timezone.now() - timedelta(days=800))
        article_kind = ContentType.objects.get(model="article").pk
        year = timezone.now().year
        for query in (
            f"user__id__exact={july.pk}",
            f"model={article_kind}",
            "kind__exact=changed",
            f"at__year={year}",
        ):
            found = client.get(f"{LIST}?{query}").context["cl"].result_list
            assert [entry.object_repr for entry in found] == ["News"], query

    @pytest.mark.parametrize("query", ["model=x", "user__id__exact=x", "kind__exact=%00", "o=9"])
    def test_a_wrong_filter_is_no_error(self, client, query):
        for url in (LIST, EXPORT):
            assert client.get(f"{url}?{query}").status_code in {200, 302}

    def test_nothing_in_it_can_be_changed(self, client, boss):
        log_action(Kind.CHANGED, boss, by=boss)
        pk = StaffAction.objects.get().pk
        for page in ("add/", f"{pk}/delete/"):
            assert client.get(LIST + page).status_code == 403
            assert client.post(LIST + page, {"post": "yes"}).status_code == 403
        assert client.post(f"{LIST}{pk}/change/", {"kind": "added"}).status_code == 403
        client.post(LIST, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
        assert logged() == [("changed", "boss", "boss", "")]

    def test_other_roles_do_not_see_it(self, as_user):
        for role in ("Managers", "Editors", ""):
            client = as_user(make_user(role))
            assert client.get(LIST).status_code == 403
            assert client.get(EXPORT).status_code == 403

    def test_the_queries_do_not_grow_with_the_rows(self, client, boss, django_assert_num_queries):
        for name in ("July", "Abner"):
            log_action(Kind.CHANGED, make_contact(name=name), by=boss)
        client.get(LIST)
        with django_assert_num_queries(8):
            client.get(LIST)
        for number in range(20):
            log_action(Kind.CHANGED, make_contact(name=str(number)), by=make_user())
        with django_assert_num_queries(8):
            client.get(LIST)

    def test_the_first_page_shows_ones_own_recent_actions(self, client, boss):
        log_action(Kind.CHANGED, make_contact(name="July"), by=boss)
        log_action(Kind.CHANGED, make_contact(name="Abner"), by=make_user())
        page = client.get("/admin/").content.decode()
        assert "July" in page
        assert "Abner" not in page


class TestExport:
    def test_it_has_the_entries_that_the_filters_show(self, client, boss):
        log_action(Kind.CHANGED, make_contact(name="July"), by=boss, message="=cmd()")
        log_action(Kind.DELETED, make_contact(name="Abner"), by=boss)
        heading, *rows = rows_of(client.get(f"{EXPORT}?kind__exact=changed"))
        assert heading[:4] == ["time", "user", "ip", "action"]
        assert [row[5] for row in rows] == ["July"]
        assert rows[0][7] == "'=cmd()", "formulas are escaped"

    def test_it_is_bounded(self, client, boss, monkeypatch):
        monkeypatch.setattr("accounts.admin.staff_log.MAX_EXPORTED_ROWS", 2)
        for _number in range(4):
            log_action(Kind.CHANGED, boss, by=boss)
        assert len(rows_of(client.get(EXPORT))) == 3


class TestHistory:
    def test_it_shows_who_did_what_from_where(self, client, boss):
        inquiry = make_inquiry()
        page = f"/admin/inquiries/inquiry/{inquiry.pk}"
        sent = {"contact": make_contact().pk, "new_status": "new"}
        assert client.post(f"{page}/change/", sent).status_code == 302
        history = client.get(f"{page}/history/").content.decode()
        table = history.partition('id="change-history"')[2]
        rows = re.findall("<tr>(.*?)</tr>", table, re.DOTALL)
        [row] = [row for row in rows if "Changed. Assigned to<" in row]
        assert "<bdi>boss</bdi>" in row
        assert "<bdi>203.0.113.7</bdi>" in row

    def test_it_shows_nothing_of_other_objects(self, client, boss):
        first, second = make_contact(), make_contact()
        log_action(Kind.CHANGED, second, by=boss, message="Another one")
        page = client.get(f"/admin/contacts/contact/{first.pk}/history/").content.decode()
        assert "Another one" not in page
        assert "Nothing is logged" in page

    def test_a_long_history_has_pages(self, client, boss):
        contact = make_contact()
        for number in range(120):
            log_action(Kind.CHANGED, contact, by=boss, message=f"Change {number}.")
        url = f"/admin/contacts/contact/{contact.pk}/history/"
        assert "Change 119." in client.get(url).content.decode()
        assert "Change 0." in client.get(f"{url}?p=2").content.decode()

    def test_a_missing_object_is_no_error(self, client):
        assert client.get("/admin/contacts/contact/99999/history/").status_code == 302


def test_old_entries_are_deleted_after_the_retention(boss, settings):
    settings.STAFF_LOG_RETENTION = 30
    for days in (1, 29, 31, 400):
        log_action(Kind.CHANGED, boss, by=boss)
        latest = StaffAction.objects.order_by("pk").last()
        StaffAction.objects.filter(pk=latest.pk).update(at=timezone.now() - timedelta(days=days))
    settings.STAFF_LOG_RETENTION = 0
    delete_old_actions()
    assert StaffAction.objects.count() == 4
    settings.STAFF_LOG_RETENTION = 30
    delete_old_actions()
    assert StaffAction.objects.count() == 2


def test_the_log_of_djangos_admin_is_copied(boss):
    article = make_article(title="News")
    LogEntry.objects.log_actions(boss.pk, [article], CHANGE, [{"changed": {"fields": ["Title"]}}])
    sql = import_module("core.staff_log.migrations.0002_copy_admin_log").COPY
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert logged() == [("changed", "boss", "News", "Changed Title.")]
