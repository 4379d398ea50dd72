"""The widgets of forms, which replace templates of Django to be faster."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from inquiries.forms.fields import LongSelect

CHOICES = [
    ("", "None"),
    ("a", lazystr("A & B")),
    (2, mark_safe("<b>2</b>")),
    ('"', [("x", "<X>"), ("y", "Y")]),
]
ATTRIBUTES = {"class": 'quoted " <', "required": True, "disabled": False, "maxlength": 10}


@pytest.mark.parametrize(
    "widget",
    [
        forms.Select(ATTRIBUTES, CHOICES),
        forms.SelectMultiple(ATTRIBUTES, CHOICES),
        forms.NullBooleanSelect(),
        forms.TextInput(ATTRIBUTES),
        forms.NumberInput(ATTRIBUTES),
        forms.EmailInput(),
        forms.HiddenInput(ATTRIBUTES),
        forms.PasswordInput(render_value=True),
        forms.Textarea(ATTRIBUTES),
        forms.CheckboxInput(ATTRIBUTES),
        forms.RadioSelect(ATTRIBUTES, CHOICES),
        forms.ClearableFileInput(ATTRIBUTES),
    ],
    ids=lambda widget: type(widget).__name__,
)
@pytest.mark.parametrize("value", [None, "a", "x", "<script>"])
def test_widgets_are_written_as_django_writes_them(widget: forms.Widget, value: str | None) -> None:
    expected = widget.render("name", value, {"id": "id_name"}, DjangoTemplates())
    assert parse_html(widget.render("name", value, {"id": "id_name"})) == parse_html(expected)


@pytest.mark.parametrize("value", [None, "", "a", 2, "x"])
def test_the_options_of_a_long_list_are_those_of_django(value: Any) -> None:
    choices = [("", "None"), ("a", "<A & B>"), (2, "Two")]
    expected = forms.Select(ATTRIBUTES, choices).render("name", value, {}, DjangoTemplates())
    written = LongSelect(ATTRIBUTES, choices).render("name", value, {})
    assert parse_html(written) == parse_html(expected)
