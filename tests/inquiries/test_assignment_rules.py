"""Automatic assignment: by the chosen contact, by rules, to the least busy contact."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from inquiries.display.events import event_summary
from inquiries.models import AssignmentRule, Inquiry, InquirySettings
from inquiries.screening import Submission
from inquiries.services import assign_automatically, assign_inquiry, change_status, release_inquiry
from products.models import Category
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.absences import add_absence

pytestmark = pytest.mark.django_db

SPAM = Submission(text="<script>", honeypot="filled in")


@pytest.fixture
def manager():
    return make_user("Managers", username="manager")


def make_rule(contact=None, **fields) -> AssignmentRule:
    return AssignmentRule.objects.create(**{"name": "A rule", "contact": contact, **fields})


def turn_on_least_busy() -> None:
    InquirySettings.objects.update_or_create(
        pk=InquirySettings.singleton_instance_id, defaults={"assigns_to_least_busy": True}
    )


def lines_with(product) -> dict:
    return {"lines": [{"product": product, "quantity": 1}]}


def test_without_rules_the_inquiry_stays_unassigned_and_the_managers_are_notified(manager, candy):
    inquiry = make_inquiry()
    assert (inquiry.status, inquiry.assigned_to) == ("new", None)
    assert [mail.to for mail in Email.objects.all()] == [["manager@example.com"]]


def test_only_the_contact_is_notified_of_an_automatic_assignment(as_user, manager, candy):
    make_rule(candy, name="Arabic", language="ar")
    inquiry = make_inquiry(language="ar")
    assert (inquiry.status, inquiry.assigned_to) == ("assigned", candy)
    assert [mail.to for mail in Email.objects.all()] == [["candy@example.com"]]
    event = inquiry.events.last()
    assert (event.kind, event.actor) == ("assigned", None)
    assert event_summary(event) == "Candy (rule “Arabic”)"
    page = as_user(manager).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    assert "Candy (rule “Arabic”)" in page.content.decode()


def test_the_first_matching_rule_decides(candy, abner):
    make_rule(abner, order=2)
    make_rule(candy, order=1, language="ar")
    make_rule(candy, order=0, is_active=False)
    assert make_inquiry(language="ar").assigned_to == candy
    assert make_inquiry(language="en").assigned_to == abner


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_rule_for_a_category_includes_its_subcategories(candy, depth):
    top = Category.objects.create(name="Crushing")
    middle = Category.objects.create(name="Crushers", parent=top)
    lowest = Category.objects.create(name="Jaw crushers", parent=middle)
    make_rule(candy, category=top)
    product = make_product(category=[top, middle, lowest][depth])
    other = make_product()
    lines = [{"product": other, "quantity": 1}, {"product": product, "quantity": 1}]
    assert make_inquiry(lines=lines).assigned_to == candy
    assert make_inquiry(email="b@example.com", **lines_with(other)).assigned_to is None
    assert make_inquiry().assigned_to is None
    AssignmentRule.objects.update(category=lowest)
    assert (
        make_inquiry(email="c@example.com", **lines_with(make_product(category=top))).status
        == "new"
    )


def test_a_rule_can_have_several_countries(candy):
    make_rule(candy, countries=["KE", "TZ"])
    assert make_inquiry(country="TZ").assigned_to == candy
    assert make_inquiry(country="DE").assigned_to is None
    assert make_inquiry(country="").assigned_to is None


def test_all_conditions_of_a_rule_must_match(candy):
    make_rule(candy, countries=["SA"], language="ar")
    assert make_inquiry(country="SA", language="en").assigned_to is None
    assert make_inquiry(country="SA", language="ar").assigned_to == candy


def test_returning_buyers_keep_their_contact_in_any_case_of_the_email_address(candy, abner):
    assign_inquiry(make_inquiry(email="Maria@Example.com"), abner, by=None)
    assign_inquiry(make_inquiry(email="maria@example.com"), candy, by=None)
    assign_inquiry(make_inquiry(email="other@example.com"), abner, by=None)
    make_inquiry(email="maria@example.com")  # unassigned
    make_rule(name="Returning buyers", returning=True)
    assert make_inquiry(email="MARIA@example.com").assigned_to == candy
    assert make_inquiry(email="new@example.com").assigned_to is None


def test_spam_does_not_make_a_returning_buyer(candy):
    change_status(make_inquiry(), "spam", by=None)
    make_rule(candy, returning=True)
    assert make_inquiry().assigned_to is None
    assert make_inquiry().assigned_to == candy


def test_the_chosen_contact_comes_before_the_rules(candy, abner):
    make_rule(abner)
    inquiry = make_inquiry(chosen_contact=candy)
    assert inquiry.assigned_to == candy
    assert event_summary(inquiry.events.last()) == "Candy (requested by the buyer)"


def test_an_absent_contact_is_replaced_by_the_substitute_and_the_event_records_it(candy, abner):
    add_absence(candy, abner)
    make_rule(candy, name="All")
    assert make_inquiry().assigned_to == abner
    event = make_inquiry(chosen_contact=candy).events.last()
    assert event_summary(event) == "Abner (requested by the buyer), substituting for Candy"


@pytest.mark.parametrize("state", ["absent", "inactive"])
def test_without_a_substitute_the_next_rule_decides(candy, abner, state):
    make_rule(candy, order=1)
    if state == "absent":
        add_absence(candy)
    else:
        candy.is_active = False
        candy.save()
    assert make_inquiry(chosen_contact=candy).assigned_to is None
    make_rule(abner, order=2)
    assert make_inquiry(chosen_contact=candy).assigned_to == abner


def test_the_least_busy_contact_has_the_fewest_open_inquiries_then_the_lowest_order(
    candy, abner, manager
):
    turn_on_least_busy()
    add_absence(make_contact(order=0))
    make_contact(order=0, is_active=False)
    candy.order, abner.order = 2, 1
    candy.save()
    abner.save()
    first = make_inquiry()
    assert event_summary(first.events.last()) == "Abner (fewest open inquiries)"
    assert make_inquiry().assigned_to == candy
    assert make_inquiry().assigned_to == abner
    for inquiry in Inquiry.objects.filter(assigned_to=abner):
        change_status(inquiry, "won", by=None)
    assert make_inquiry().assigned_to == abner, "closed inquiries do not count"
    assert not Email.objects.filter(to="manager@example.com").exists()


def test_without_any_available_contact_the_managers_are_notified(manager):
    turn_on_least_busy()
    assert make_inquiry().status == "new"
    assert Email.objects.filter(to="manager@example.com").exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_concurrent_assignments_to_the_least_busy_contact_are_balanced():
    turn_on_least_busy()
    contacts = [make_contact(email=f"{number}@example.com") for number in range(4)]

    def send(number: int) -> None:
        try:
            make_inquiry(email=f"buyer{number}@example.com")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as buyers:
        list(buyers.map(send, range(8)))
    assert [contact.inquiries.count() for contact in contacts] == [2, 2, 2, 2]


def test_a_held_inquiry_is_assigned_when_it_is_released(candy, manager):
    make_rule(make_contact(name="July"), order=9)
    make_rule(candy, language="ar")
    held = make_inquiry(language="ar", submission=SPAM)
    requested = make_inquiry(chosen_contact=candy, submission=SPAM)
    assert (held.status, held.assigned_to, requested.assigned_to) == ("spam", None, None)
    assert not Email.objects.exists()
    for inquiry in (held, requested):
        release_inquiry(inquiry, by=manager)
        inquiry.refresh_from_db()
        assert (inquiry.status, inquiry.assigned_to) == ("assigned", candy)
    assert Email.objects.filter(to="candy@example.com").count() == 2
    assert not Email.objects.filter(to="manager@example.com").exists()


@pytest.mark.parametrize("email", ["", "no address", "a@example.com\nBcc: b@example.com"])
def test_the_managers_are_notified_if_the_contact_has_no_email_address(manager, email):
    make_rule(make_contact(name="Unreachable", user=make_user("Sales", email=email)))
    inquiry = make_inquiry()
    mail = Email.objects.get()
    assert mail.to == ["manager@example.com"]
    assert "no one was notified" in mail.subject
    assert inquiry.assigned_to.name == "Unreachable"


def test_the_number_of_queries_does_not_depend_on_rules_and_products(candy):
    def count(rules: int, products: int) -> int:
        AssignmentRule.objects.all().delete()
        category = Category.objects.create(name=f"Other {rules}")
        for number in range(rules):
            make_rule(candy, category=category, returning=True, order=number)
        make_rule(candy, order=99)
        # Each line is a query, so only the decision is counted.
        inquiry = Inquiry.objects.create(reference=f"R{rules}", name="x", language="en")
        for _ in range(products):
            inquiry.lines.create(product=make_product())
        with CaptureQueriesContext(connection) as queries:
            assert assign_automatically(inquiry)
        return len(queries)

    count(rules=1, products=1)  # creates rows that exist once
    assert count(rules=2, products=1) == count(rules=20, products=10)


def test_a_rule_with_an_inactive_contact_is_refused(candy):
    candy.is_active = False
    candy.save()
    rule = AssignmentRule(name="All", contact=candy)
    with pytest.raises(ValidationError) as error:
        rule.full_clean()
    assert "Candy is inactive" in error.value.message_dict["contact"][0]
    AssignmentRule(name="All", contact=candy, is_active=False).full_clean()


def test_a_rule_needs_a_contact_unless_it_is_for_returning_buyers():
    AssignmentRule(name="Returning buyers", returning=True).full_clean()
    with pytest.raises(ValidationError, match="Select the contact") as error:
        AssignmentRule(name="All").full_clean()
    assert error.value.message_dict.keys() == {"contact"}, (
        "the error is shown once, beside the field"
    )
