"""The form widget of the rich text editor."""

import json
import re
from typing import Any

from ckeditor.widgets import CKEditorWidget
from django.conf import settings
from django.forms.widgets import Media
from django.utils.translation import gettext as _

LANGUAGE_CLASS = re.compile(r"\bmt-field-\S+-([a-z]{2}(?:_[a-z]+)?)(?=\s|$)")


class RichTextWidget(CKEditorWidget):
    """CKEditor with our upload, our picture library and the typography of public pages."""

    @property
    def media(self) -> Media:
        # ckeditor.js is repeated, because Media only preserves the order within one list.
        scripts = [
            "ckeditor/ckeditor/ckeditor.js",
            "admin/richtext.js",
            "admin/richtext_status.js",
            "admin/picture_library.js",
        ]
        styles = ["css/richtext.css", "admin/richtext.css"]
        return super().media + Media(css={"all": styles}, js=scripts)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget_attrs = context["widget"]["attrs"]
        widget_attrs["data-language"] = language_of(widget_attrs.get("class", ""))
        widget_attrs["data-texts"] = json.dumps(_texts())
        return context


def language_of(classes: str) -> str:
    """The language of a field, from modeltranslation's CSS class: `mt-field-body-zh_hans`."""
    match = LANGUAGE_CLASS.search(classes)
    return match[1].replace("_", "-") if match else settings.LANGUAGE_CODE


def _texts() -> dict[str, str]:
    """The texts of the editor's scripts."""
    return {
        "length": _("Words: %(words)s · Characters: %(characters)s"),
        "withoutAlt": _("Images without alternative text: %(count)s"),
        "library": _("Image library"),
        "upload": _("Upload"),
        "failed": _(
            "The image library is not available. Log in again in another tab, then try again."
        ),
        "leftOut": _(
            "An image from another website was not inserted. Download it, then upload it here."
        ),
    }
