"""Answer templates: placeholders, their admin, and inserting one into an answer."""

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from inquiries.display.answer_templates import render_answer_template
from inquiries.models import AnswerTemplate
from inquiries.placeholders import PLACEHOLDERS
from inquiries.services import assign_inquiry
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.urls import change_url

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/answertemplate/"


def make_template(**fields) -> AnswerTemplate:
    return AnswerTemplate.objects.create(**{"name": "Price", "text": "Dear {name},"} | fields)


@pytest.fixture
def contact():
    return make_contact(name="July", email="july@example.com", user=make_user("Sales"))


@pytest.fixture
def inquiry(contact):
    inquiry = make_inquiry(
        company="Sample GmbH", lines=[{"product": make_product(name="Drill"), "quantity": 5}]
    )
    assign_inquiry(inquiry, contact, by=None)
    return inquiry


def test_every_placeholder_is_replaced(inquiry):
    text = "\n".join("{" + name + "}" for name in PLACEHOLDERS)
    lines = render_answer_template(make_template(text=text), inquiry, "July").splitlines()
    assert lines[:3] == ["Peter Sample", "Sample GmbH", inquiry.reference]
    assert "Drill" in lines[3]
    assert lines[4] == "July"
    assert f"{inquiry.due_at:%H:%M}" in lines[5]


def test_missing_values_have_a_readable_default():
    text = "About {products}, for {company}."
    assert render_answer_template(make_template(text=text), make_inquiry(), "") == (
        "About our products, for Peter Sample."
    )


def test_deadlines_are_written_in_the_buyers_language():
    inquiry = make_inquiry(language="zh-hans", time_zone="Asia/Shanghai")
    text = render_answer_template(make_template(text="{due}"), inquiry, "")
    assert "月" in text
    assert "UTC+8" in text


def test_text_from_the_buyer_is_never_interpreted(inquiry):
    inquiry.name = "{reference} {{ company }} {0.__class__} {% now 'Y' %}"
    text = render_answer_template(make_template(text="Dear {name}, {{literally}} {%"), inquiry, "")
    assert text == f"Dear {inquiry.name}, {{literally}} {{%", "unvalidated text does not fail"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{nmae}", "{nmae}"),
        ("{name.__class__} {due!r}", "{name.__class__} {due!r}"),
        ("{name:>9} {}", "{name:>9} {}"),
        ("{ name }", "{ name }"),
        ("lone { brace", "{"),
        ("lone } brace", "}"),
        ("{na\nme}", "{ }"),
        ("{{name}", "}"),
    ],
)
def test_unknown_placeholders_are_refused_and_named(text, unknown):
    with pytest.raises(ValidationError) as error:
        AnswerTemplate(name="x", text=text).full_clean()
    assert f"Unknown placeholder: {unknown}." in str(error.value)


def test_managers_write_templates_and_see_the_placeholders(as_user):
    client = as_user(make_user("Managers"))
    page = client.get(f"{LIST}add/").content.decode()
    assert all("{" + name + "}" in page for name in PLACEHOLDERS)
    data = {"name": "Price", "language": "en", "text": "Dear {nmae},", "is_active": "on"}
    page = client.post(f"{LIST}add/", data).content.decode()
    assert "{nmae}" in page
    assert client.post(f"{LIST}add/", data | {"text": "Dear {name}, {{1}}"}).status_code == 302
    assert AnswerTemplate.objects.get().text == "Dear {name}, {{1}}"


@pytest.mark.parametrize("role", ["Sales", "Editors", ""])
def test_other_staff_cannot_edit_templates(as_user, role):
    template = make_template()
    client = as_user(make_user(role))
    for url in (LIST, f"{LIST}add/", f"{LIST}{template.pk}/change/"):
        assert client.get(url).status_code == 403


def test_active_templates_are_offered_those_in_the_buyers_language_first(as_user, contact):
    for name, language in [("A", "ar"), ("B", ""), ("C", "zh-hans")]:
        make_template(name=name, language=language)
    make_template(name="D", is_active=False)
    inquiry = make_inquiry(language="zh-hans")
    assign_inquiry(inquiry, contact, by=None)
    form = as_user(contact.user).get(change_url(inquiry)).context["adminform"].form
    assert [name for _, name in form.fields["template"].choices] == ["none", "C", "B", "A"]


def test_the_button_inserts_the_template_and_saves_nothing(as_user, contact, inquiry):
    template = make_template(text="Dear {name},\nyours, {contact}")
    events, mails = inquiry.events.count(), Email.objects.count()
    data = {
        "new_status": "quoted", "template": template.pk, "answer": "Typed before.", "note": "Mine",
        "_insert_template": "",
    }  # fmt: skip
    response = as_user(contact.user).post(change_url(inquiry), data)
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert form["answer"].value() == "Typed before.\n\nDear Peter Sample,\nyours, July"
    assert form["note"].value() == "Mine"
    assert form["new_status"].value() == "quoted"
    assert form["template"].value() == ""
    assert not form.errors
    assert "errornote" not in response.content.decode()
    inquiry.refresh_from_db()
    assert inquiry.status == "assigned"
    assert (inquiry.events.count(), Email.objects.count()) == (events, mails)


def test_the_template_names_the_contact_who_is_about_to_be_assigned(as_user, inquiry):
    other = make_contact(name="Candy")
    data = {
        "contact": other.pk,
        "template": make_template(text="{contact}").pk,
        "_insert_template": "",
    }
    response = as_user(make_user("Managers")).post(change_url(inquiry), data)
    assert response.context["adminform"].form["answer"].value() == "Candy"


@pytest.mark.parametrize("template", ["", "0", "999999999999999999999999", "x", "inactive"])
def test_an_unknown_template_leaves_the_answer_unchanged(as_user, contact, inquiry, template):
    if template == "inactive":
        template = make_template(is_active=False).pk
    data = {"template": template, "answer": "Typed.", "_insert_template": ""}
    response = as_user(contact.user).post(change_url(inquiry), data)
    assert response.context["adminform"].form["answer"].value() == "Typed."


def test_a_template_that_was_not_inserted_is_refused(as_user, contact, inquiry):
    data = {"new_status": "assigned", "template": make_template().pk, "note": "Mine"}
    form = as_user(contact.user).post(change_url(inquiry), data).context["adminform"].form
    assert list(form.errors) == ["template"]
    assert form["note"].value() == "Mine"
    data |= {"answer": "Dear Peter,"}
    assert as_user(contact.user).post(change_url(inquiry), data).status_code == 302
