"""Inviting a colleague."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import signing
from django.utils import timezone
from post_office.models import Email

from accounts.forms import InvitationForm
from accounts.models import Invitation
from contacts.models import Contact
from core.staff_log.models import StaffAction
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/accounts/invitation/add/"
LIST = "/admin/accounts/invitation/"
NEW = {
    "username": "mei",
    "first_name": "Mei",
    "last_name": "Lin",
    "password1": "gravel-and-cone-crushers-9",
    "password2": "gravel-and-cone-crushers-9",
}


@pytest.fixture
def boss():
    return make_user("Managers", username="boss")


@pytest.fixture
def manager(as_user, boss):
    return as_user(boss)


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def invite(client, role_name: str = "Sales", **data):
    sent = {"email": "mei@example.com", "role": role(role_name).pk} | data
    return client.post(ADD, sent)


def get_link() -> str:
    """The path of the link in the newest e-mail."""
    message = Email.objects.order_by("pk").last().message
    [link] = re.findall(r"http://testserver(/admin/invitation/\S+)", message)
    return link


def test_a_manager_invites_a_colleague_who_chooses_name_and_password(manager, boss, client, log_in):
    assert invite(manager).status_code == 302
    email = Email.objects.get()
    assert email.to == ["mei@example.com"]
    assert "boss" in email.message
    page = client.get(get_link())
    assert "mei@example.com" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    response = client.post(get_link(), NEW)
    assert response.headers["Location"] == "/admin/login/"
    user = User.objects.get(username="mei")
    assert (user.email, user.is_staff, user.is_superuser) == ("mei@example.com", True, False)
    assert [group.name for group in user.groups.all()] == ["Sales"]
    assert client.get("/admin/").status_code == 302, "nobody is logged in by the link"
    assert log_in(user, NEW["password1"])[0].get("/admin/").status_code == 200
    assert StaffAction.objects.filter(kind="account", user=user).exists()


def test_the_rules_for_passwords_are_shown_and_apply(manager, client):
    invite(manager)
    assert "can’t be too similar" in client.get(get_link()).content.decode()
    for password in ("short", "mei@example.com", "12345678901234"):
        weak = NEW | {"password1": password, "password2": password}
        assert client.post(get_link(), weak).status_code == 422
    assert not User.objects.filter(username="mei").exists()


def test_a_taken_user_name_is_refused(manager, client):
    invite(manager)
    assert client.post(get_link(), NEW | {"username": "BOSS"}).status_code == 422


def test_the_contact_card_is_linked(manager, client):
    contact = make_contact(name="Mei")
    invite(manager, contact=contact.pk)
    client.post(get_link(), NEW)
    contact.refresh_from_db()
    assert contact.user.username == "mei"
    assert Contact.objects.count() == 1


def test_a_contact_card_is_created(manager, client):
    invite(manager, makes_contact="on")
    client.post(get_link(), NEW)
    contact = Contact.objects.get()
    assert (contact.name, contact.email, contact.user.username) == (
        "Mei Lin",
        "mei@example.com",
        "mei",
    )


def test_a_card_that_was_linked_in_the_meantime_stays_so(manager, client):
    contact, other = make_contact(), make_user()
    invite(manager, contact=contact.pk)
    Contact.objects.update(user=other)
    client.post(get_link(), NEW)
    contact.refresh_from_db()
    assert contact.user == other
    assert User.objects.filter(username="mei").exists()


def test_only_cards_without_account_or_invitation_are_offered(manager):
    free, taken, invited = make_contact(), make_contact(user=make_user()), make_contact()
    invite(manager, email="other@example.com", contact=invited.pk)
    form = manager.get(ADD).context["adminform"].form
    assert list(form.fields["contact"].queryset) == [free]
    assert invite(manager, contact=taken.pk).status_code == 200


def test_a_card_is_chosen_or_created_but_not_both(manager):
    assert invite(manager, contact=make_contact().pk, makes_contact="on").status_code == 200
    assert not Invitation.objects.exists()


def test_a_manager_gives_no_rights_that_managers_do_not_have(manager, as_user):
    Group.objects.create(name="Nothing")
    names = {
        group.name for group in manager.get(ADD).context["adminform"].form.fields["role"].queryset
    }
    assert {"Managers", "Sales", "Nothing"} <= names
    assert not {"Editors", "Writers"} & names
    assert invite(manager, "Editors").status_code == 200
    assert not Invitation.objects.exists()
    root = as_user(make_user(is_superuser=True))
    assert invite(root, "Editors").status_code == 302


@pytest.mark.parametrize("name", ["Editors", "Writers", "Sales", ""])
def test_other_roles_do_not_invite(as_user, name):
    client = as_user(make_user(name))
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"email": "a@example.com"}).status_code == 403
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("email", ["", "mei", "BOSS@example.com"])
def test_a_wrong_or_known_address_is_refused(manager, email):
    assert invite(manager, email=email).status_code == 200
    assert not Invitation.objects.exists()


def test_there_is_one_open_invitation_for_an_address(manager):
    invite(manager)
    assert invite(manager, email="MEI@example.com").status_code == 200
    assert Invitation.objects.count() == 1


def test_of_two_invitations_at_the_same_moment_the_second_is_refused(manager, monkeypatch):
    invite(manager)
    check, checks = InvitationForm.clean_email, []

    def check_before_the_first_is_stored(form) -> str:
        checks.append(form)
        return form.cleaned_data["email"] if len(checks) == 1 else check(form)

    monkeypatch.setattr(InvitationForm, "clean_email", check_before_the_first_is_stored)
    response = invite(manager, email="MEI@example.com")
    assert len(checks) == 2
    form = response.context["adminform"].form
    assert form.errors == {"email": ["There is an open invitation to this e-mail address."]}
    assert form["email"].value() == "MEI@example.com"
    assert (Invitation.objects.count(), Email.objects.count()) == (1, 1)


def test_the_link_works_once(manager, client):
    invite(manager)
    client.post(get_link(), NEW)
    assert client.get(get_link()).status_code == 410
    assert client.post(get_link(), NEW | {"username": "lin"}).status_code == 410
    assert not User.objects.filter(username="lin").exists()


def test_the_link_is_valid_for_seven_days(manager, client, monkeypatch):
    invite(manager)
    now = timezone.now().timestamp()
    for days, status in ((6.9, 200), (7.1, 410)):
        later = now + timedelta(days=days).total_seconds()
        monkeypatch.setattr("django.core.signing.time.time", lambda later=later: later)
        assert client.get(get_link()).status_code == status


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "9" * 300])
def test_a_forged_link_is_refused(client, token):
    assert client.get(f"/admin/invitation/{token}/").status_code == 410


def test_a_token_for_another_purpose_is_refused(manager, client):
    invite(manager)
    invitation = Invitation.objects.get()
    token = signing.dumps([invitation.pk, invitation.sent_at.isoformat()], salt="other")
    assert client.get(f"/admin/invitation/{token}/").status_code == 410


def test_sending_again_replaces_the_link(manager, client):
    invite(manager)
    first = get_link()
    pk = Invitation.objects.get().pk
    manager.post(LIST, {"action": "send_again", "_selected_action": [pk]})
    assert Email.objects.count() == 2
    assert client.get(first).status_code == 410
    assert client.get(get_link()).status_code == 200


def test_a_withdrawn_invitation_is_no_longer_valid(manager, client):
    invite(manager)
    pk = Invitation.objects.get().pk
    manager.post(LIST, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert client.get(get_link()).status_code == 410


@pytest.mark.parametrize("change", ["leaves", "loses the role"])
def test_it_is_not_valid_if_the_inviting_manager_may_no_longer_invite(
    manager, boss, client, change
):
    invite(manager)
    if change == "leaves":
        User.objects.filter(pk=boss.pk).update(is_active=False)
    else:
        boss.groups.clear()
    assert client.post(get_link(), NEW).status_code == 410
    assert not User.objects.filter(username="mei").exists()


def test_a_manager_does_not_send_an_invitation_to_a_higher_role_again(manager, as_user):
    invite(as_user(make_user(is_superuser=True)), "Editors")
    pk = Invitation.objects.get().pk
    manager.post(LIST, {"action": "send_again", "_selected_action": [pk]})
    assert Email.objects.count() == 1


def test_the_list_shows_the_state_of_each(manager, client):
    invite(manager, email="old@example.com")
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=8))
    invite(manager)
    client.post(get_link(), NEW)
    invite(manager, email="new@example.com")
    cl = manager.get(LIST).context["cl"]
    assert [(row.email, row.state) for row in cl.result_list] == [
        ("new@example.com", "open"),
        ("mei@example.com", "accepted"),
        ("old@example.com", "expired"),
    ]


def test_the_queries_of_the_list_do_not_grow(manager, django_assert_max_num_queries):
    for number in range(12):
        invite(manager, email=f"user{number}@example.com")
    with django_assert_max_num_queries(12):
        manager.get(LIST)


class TestAccountOfAContact:
    def offered(self, client, contact=None) -> set[str]:
        path = f"{contact.pk}/change/" if contact else "add/"
        form = client.get(f"/admin/contacts/contact/{path}").context["adminform"].form
        return {user.username for user in form.fields["user"].queryset}

    def test_the_form_offers_only_staff_without_a_contact(self, manager):
        make_user(username="free"), make_user(username="buyer", is_staff=False)
        own = make_contact(user=make_user(username="own"))
        make_contact(user=make_user(username="taken"))
        assert self.offered(manager) == {"boss", "free"}
        assert self.offered(manager, own) == {"boss", "free", "own"}
