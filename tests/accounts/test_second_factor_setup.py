"""Setting up a second factor, requiring it, and turning it off."""

from base64 import b32encode

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from post_office.models import Email

from accounts.models import RecoveryCode
from accounts.services.second_factor import (
    has_second_factor,
    must_set_up_second_factor,
    remove_second_factor,
)
from tests.accounts.conftest import code_of, wrong_code
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/account/second-factor/"


@pytest.fixture
def user():
    return make_user("Editors")


@pytest.fixture
def client(as_user, user):
    return as_user(user)


def turn_on(client, user) -> list[str]:
    """Set the second factor up on its page; returns the recovery codes."""
    client.get(PAGE)
    device = TOTPDevice.objects.get(user=user)
    data = {"password": "secret", "code": code_of(device)}
    return client.post(PAGE, data).context["codes"]


def forget_used_codes() -> None:
    """Let the current code be used again, which would take half a minute."""
    TOTPDevice.objects.update(last_t=-1)


def test_the_page_shows_the_secret_as_a_qr_code_and_as_text(client, user):
    page = client.get(PAGE).content.decode()
    device = TOTPDevice.objects.get(user=user)
    secret = b32encode(device.bin_key).decode()
    assert "data:image/svg+xml" in page
    assert secret[:4] + " " + secret[4:8] in page
    assert "otpauth://totp/testserver" in device.config_url
    assert not has_second_factor(user)


def test_opening_the_page_again_shows_the_same_secret(client, user):
    client.get(PAGE), client.get(PAGE)
    assert TOTPDevice.objects.filter(user=user).count() == 1


def test_the_first_code_turns_it_on_and_shows_recovery_codes_once(client, user):
    codes = turn_on(client, user)
    assert has_second_factor(user)
    assert len(set(codes)) == 10
    assert not any(code in client.get(PAGE).content.decode() for code in codes)
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()


def test_the_recovery_codes_can_be_saved_as_a_file(client, user):
    client.get(PAGE)
    device = TOTPDevice.objects.get(user=user)
    response = client.post(PAGE, {"password": "secret", "code": code_of(device)})
    page = response.content.decode()
    assert 'download="recovery-codes.txt"' in page
    assert all(page.count(code) == 2 for code in response.context["codes"])
    assert "no-store" in response.headers["Cache-Control"]


def test_a_wrong_code_does_not_turn_it_on(client, user):
    client.get(PAGE)
    device = TOTPDevice.objects.get(user=user)
    sent = {"password": "secret", "code": wrong_code(device)}
    assert client.post(PAGE, sent).status_code == 422
    assert not has_second_factor(user)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_somebody_without_the_password_does_not_turn_it_on(client, user, password):
    client.get(PAGE)
    sent = {"password": password, "code": code_of(TOTPDevice.objects.get(user=user))}
    assert client.post(PAGE, sent).status_code == 422
    assert not has_second_factor(user)


def test_new_recovery_codes_replace_the_earlier_ones(client, user):
    first = turn_on(client, user)
    url = reverse("recovery_codes")
    assert client.post(url, {"code": "000000x"}).status_code == 422
    second = client.post(url, {"code": first[0]}).context["codes"]
    assert not set(first) & set(second)
    assert client.post(url, {"code": first[1]}).status_code == 422


def test_turning_it_off_takes_the_password_and_a_code(client, user):
    codes = turn_on(client, user)
    url = reverse("turn_off_second_factor")
    for data in (
        {"password": "secret", "code": "wrong"},
        {"password": "wrong", "code": codes[0]},
        {"password": "secret"},
        {"code": codes[0]},
    ):
        assert client.post(url, data).status_code == 422
        assert has_second_factor(user)
    client.post(url, {"password": "secret", "code": codes[0]})
    assert not has_second_factor(user)
    assert not RecoveryCode.objects.exists()


def test_the_code_of_the_app_also_turns_it_off(client, user):
    turn_on(client, user)
    forget_used_codes()
    code = code_of(TOTPDevice.objects.get(user=user))
    client.post(reverse("turn_off_second_factor"), {"password": "secret", "code": code})
    assert not has_second_factor(user)


def test_a_superuser_resets_the_second_factor_of_somebody_else(client, user, as_user):
    turn_on(client, user)
    root = as_user(make_user(is_superuser=True))
    url = f"/admin/auth/user/{user.pk}/second-factor/"
    assert url in root.get(f"/admin/auth/user/{user.pk}/change/").content.decode()
    assert user.username in root.get(url).content.decode()
    assert has_second_factor(user), "opening the page changes nothing"
    root.post(url, {"password": "secret"})
    assert not has_second_factor(user)


def test_nobody_else_resets_it(client, user, as_user):
    turn_on(client, user)
    clerk = make_user("Managers")
    clerk.user_permissions.add(Permission.objects.get(codename="change_user"))
    url = f"/admin/auth/user/{user.pk}/second-factor/"
    assert as_user(clerk).post(url).status_code == 403
    assert as_user(make_user()).post(url).status_code == 403
    assert has_second_factor(user)


def test_the_owner_is_told_of_a_reset_by_somebody_else(client, user, as_user):
    turn_on(client, user)
    root = make_user(is_superuser=True, first_name="Ada", last_name="Root")
    url = f"/admin/auth/user/{user.pk}/second-factor/"
    as_user(root).post(url, {"password": "secret"})
    email = Email.objects.get()
    assert email.to == [user.email]
    assert (
        f"Ada Root turned the second factor of the account “{user.username}” off" in email.message
    )
    assert "http://testserver/admin/account/second-factor/" in email.message


def test_the_owner_is_told_of_new_codes_and_of_a_second_factor_that_is_turned_off(client, user):
    first = turn_on(client, user)
    assert not Email.objects.exists()
    client.post(reverse("recovery_codes"), {"code": "000000x"})
    assert not Email.objects.exists(), "a wrong code changes nothing"
    codes = client.post(reverse("recovery_codes"), {"code": first[0]}).context["codes"]
    client.post(reverse("turn_off_second_factor"), {"password": "secret", "code": codes[0]})
    new_codes, turned_off = Email.objects.order_by("pk")
    assert new_codes.to == turned_off.to == [user.email]
    assert "earlier ones are no longer valid" in new_codes.message
    assert not any(code in new_codes.message for code in codes)
    assert "was turned off" in turned_off.message
    assert new_codes.headers == turned_off.headers == {"Auto-Submitted": "auto-generated"}


def test_an_account_without_an_address_gets_no_email(user):
    user.email = ""
    remove_second_factor(user, by=user)
    assert not Email.objects.exists()


def test_nothing_is_sent_if_the_second_factor_stays(user):
    with transaction.atomic():
        remove_second_factor(user, by=user)
        transaction.set_rollback(True)
    assert not Email.objects.exists()


def test_the_admin_shows_no_secrets_of_accounts(as_user):
    root = as_user(make_user(is_superuser=True))
    assert root.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert "otp_totp" not in root.get("/admin/").content.decode()


class TestRequiredByRole:
    PATHS = ["/admin/", "/admin/news/article/", "/admin/password_change/", "/", "/news/"]

    @pytest.mark.parametrize("roles", [["Editors"], ["Sales", "Editors"], ["all"]])
    def test_it_leads_to_the_set_up_page_until_that_is_done(self, client, user, settings, roles):
        settings.SECOND_FACTOR_REQUIRED = roles
        for path in self.PATHS:
            assert client.get(path).headers["Location"] == PAGE, path
            assert client.post(path).headers["Location"] == PAGE, path
        assert "requires a second factor" in client.get(PAGE).content.decode()
        turn_on(client, user)
        assert client.get("/admin/news/article/").status_code == 200

    def test_the_first_superuser_is_led_to_it_at_log_in_and_then_to_the_admin(
        self, client, settings
    ):
        settings.SECOND_FACTOR_REQUIRED = ["Managers"]  # the default of a site on a server
        call_command("createsuperuser", username="root", email="a@example.com", interactive=False)
        root = User.objects.get(username="root")
        root.set_password("secret")
        root.save()
        client.logout()
        data = {"username": "root", "password": "secret", "next": "/admin/"}
        page = client.post("/admin/login/", data, follow=True)
        assert page.redirect_chain[-1][0] == PAGE
        assert "requires a second factor" in page.content.decode()
        assert turn_on(client, root)
        assert client.get("/admin/").status_code == 200

    def test_it_is_required_of_superusers_if_of_any_role(self, as_user, settings):
        settings.SECOND_FACTOR_REQUIRED = ["Sales"]
        root = as_user(make_user(is_superuser=True))
        assert root.get("/admin/").headers["Location"] == PAGE

    def test_it_is_not_required_of_other_roles(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = ["Managers"]
        assert client.get("/admin/").status_code == 200

    def test_visitors_are_not_affected(self, visitor, settings):
        settings.SECOND_FACTOR_REQUIRED = ["all"]
        assert visitor.get("/news/").status_code == 200
        assert visitor.get("/admin/login/").status_code == 200

    def test_one_can_log_out_without_setting_it_up(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = ["all"]
        client.post("/admin/logout/")
        assert client.get("/admin/").headers["Location"].startswith("/admin/login/")

    def test_it_cannot_be_turned_off_and_used_on(self, client, user, settings):
        settings.SECOND_FACTOR_REQUIRED = ["all"]
        codes = turn_on(client, user)
        url = reverse("turn_off_second_factor")
        client.post(url, {"password": "secret", "code": codes[0]})
        assert client.get("/admin/").headers["Location"] == PAGE

    def test_no_query_is_made_where_no_role_requires_it(self, django_assert_num_queries, user):
        with django_assert_num_queries(0):
            assert not must_set_up_second_factor(user)
