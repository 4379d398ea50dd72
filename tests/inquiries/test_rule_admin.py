"""Managers edit the assignment rules and the settings, and test the rules."""

import pytest
from post_office.models import Email

from inquiries.models import AssignmentRule, Inquiry, InquiryEvent, InquirySettings
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.absences import add_absence

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/assignmentrule/"
TEST = f"{LIST}test/"
SETTINGS = "/admin/inquiries/inquirysettings/"


@pytest.fixture
def rules(candy):
    make = AssignmentRule.objects.create
    return [
        make(name="Arabic", order=1, language="ar", contact=candy),
        make(name="Kenya", order=2, countries=["KE"], contact=candy),
        make(name="Returning buyers", order=3, returning=True),
        make(name="The rest", order=4, contact=make_contact(name="Abner")),
    ]


def explanations(page) -> dict[str, str]:
    """The explanation for each rule."""
    return {
        result.rule.name: "; ".join(result.mismatches) or "matches"
        for result in page.context["results"]
    }


def test_the_test_page_names_the_assignee_and_explains_every_rule(manager, rules):
    page = manager.post(TEST, {"language": "en", "country": "KE", "email": "new@example.com"})
    text = page.content.decode()
    assert "Assigned to Candy (rule “Kenya”)." in text
    assert explanations(page) == {
        "Arabic": "the inquiry is in another language",
        "Kenya": "matches",
        "Returning buyers": "the buyer is not a returning buyer",
        "The rest": "matches",
    }
    assert "Matches, but something with higher priority applies." in text


def test_testing_saves_nothing_and_sends_no_email(manager, rules):
    InquirySettings.objects.update_or_create(pk=1, defaults={"assigns_to_least_busy": True})
    manager.post(TEST, {"language": "ar"})
    AssignmentRule.objects.all().delete()
    assert "fewest open" in manager.post(TEST, {"language": "ar"}).content.decode()
    assert not Inquiry.objects.exists()
    assert not Email.objects.exists()


def test_an_existing_inquiry_can_be_tested(manager, rules, candy):
    inquiry = make_inquiry(language="ar", country="SA")
    events = InquiryEvent.objects.count()
    link = f'href="{TEST}?inquiry={inquiry.pk}"'
    assert link in manager.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    page = manager.get(f"{TEST}?inquiry={inquiry.pk}")
    assert "Assigned to Candy (rule “Arabic”)." in page.content.decode()
    assert explanations(page)["Returning buyers"] == "the buyer is not a returning buyer", (
        "the tested inquiry itself does not count"
    )
    assert page.context["form"]["country"].value() == "SA"
    assert InquiryEvent.objects.count() == events


@pytest.mark.parametrize("number", ["999", "x", "²", "99999999999999999999"])
def test_testing_an_unknown_inquiry_is_not_found(manager, number):
    assert manager.get(TEST, {"inquiry": number}).status_code == 404


def test_products_categories_and_absences_are_taken_into_account(manager, candy):
    product = make_product()
    AssignmentRule.objects.create(name="Crushers", category=product.category, contact=candy)
    data = {"language": "en", "product": product.slug}
    assert "Assigned to Candy" in manager.post(TEST, data).content.decode()
    data = {"language": "en", "category": product.category.pk}
    assert "Assigned to Candy" in manager.post(TEST, data).content.decode()
    add_absence(candy)
    page = manager.post(TEST, data)
    assert "Not assigned: the status stays New" in page.content.decode()
    assert "no substitute" in explanations(page)["Crushers"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "xx"),
        ("country", "XX"),
        ("email", "maria@"),
        ("product", "a\0"),
        ("category", "x"),
    ],
)
def test_errors_are_shown_at_their_field(manager, rules, field, value):
    page = manager.post(TEST, {"language": "en", field: value})
    assert list(page.context["form"].errors) == [field]
    assert "results" not in page.context


def test_the_order_is_changed_in_the_list(manager, rules):
    page = manager.get(LIST)
    assert f'href="{TEST}"' in page.content.decode()
    data = {"form-TOTAL_FORMS": 4, "form-INITIAL_FORMS": 4, "_save": "Save"}
    for number, rule in enumerate(rules):
        data |= {f"form-{number}-id": rule.pk, f"form-{number}-order": 9 - number}
        data |= {f"form-{number}-is_active": "on"}
    assert manager.post(LIST, data).status_code == 302
    assert AssignmentRule.objects.values_list("name", flat=True)[0] == "The rest"


def test_a_rule_for_an_inactive_contact_cannot_be_activated(manager, candy):
    candy.is_active = False
    candy.save()
    rule = AssignmentRule.objects.create(name="Off", contact=candy, is_active=False)
    data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "_save": "Save"}
    data |= {"form-0-id": rule.pk, "form-0-order": 1, "form-0-is_active": "on"}
    page = manager.post(LIST, data)
    assert "Candy is inactive" in page.content.decode()
    sent = {"name": "Off", "order": 1, "is_active": "on", "contact": candy.pk}
    page = manager.post(f"{LIST}{rule.pk}/change/", sent)
    assert "Candy is inactive" in page.context["adminform"].form.errors["contact"][0]
    rule.refresh_from_db()
    assert not rule.is_active


def test_a_rule_without_a_contact_is_refused_with_a_message(manager):
    page = manager.post(f"{LIST}add/", {"name": "All", "order": 1, "is_active": "on"})
    assert "Select the contact" in page.content.decode()
    sent = {"name": "Returning buyers", "order": 1, "is_active": "on", "returning": "on"}
    assert manager.post(f"{LIST}add/", sent).status_code == 302


def test_the_settings_are_one_form(manager):
    sent = {"reply_hours": 4, "reminder_hours": 1, "assigns_to_least_busy": "on"}
    assert manager.get(SETTINGS).status_code == 200
    assert manager.post(SETTINGS, sent).status_code == 302
    saved = InquirySettings.get_solo()
    assert (saved.reply_hours, saved.assigns_to_least_busy, saved.sends_digest) == (4, True, False)
    page = manager.post(SETTINGS, sent | {"reply_hours": 0})
    assert "reply_hours" in page.context["adminform"].form.errors
    assert SETTINGS in manager.get("/admin/").content.decode()


@pytest.mark.parametrize("role", ["Sales", "Editors"])
@pytest.mark.parametrize(
    "path", ["", "add/", "test/", "test/?inquiry=1", "1/change/", "1/delete/", "1/history/"]
)
def test_other_staff_cannot_access_the_rules(as_user, rules, role, path):
    client = as_user(make_user(role))
    for method in (client.get, client.post):
        url = LIST + path.replace("1/", f"{rules[0].pk}/")
        assert method(url).status_code == 403
        assert method(SETTINGS).status_code == 403
    assert "assignmentrule" not in client.get("/admin/").content.decode()
