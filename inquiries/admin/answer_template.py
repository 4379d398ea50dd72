"""The admin of answer templates."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inquiries.models import AnswerTemplate
from inquiries.placeholders import PLACEHOLDERS


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(admin.ModelAdmin):
    """Managers write the templates; contacts insert them into answers on an inquiry's page."""

    list_display = ["name", "language", "is_active"]
    list_filter = ["language", "is_active"]
    search_fields = ["name", "text"]
    fields = ["name", "language", "text", "placeholders", "is_active"]
    readonly_fields = ["placeholders"]

    def get_form(self, *args: Any, **kwargs: Any) -> type[forms.ModelForm]:
        form = super().get_form(*args, **kwargs)
        if "text" in form.base_fields:
            form.base_fields["text"].widget.attrs.update(rows=14, dir="auto")
        return form

    @admin.display(description=_("placeholders"))
    def placeholders(self, template: AnswerTemplate) -> str:
        rows = (("{" + name + "}", meaning) for name, meaning in PLACEHOLDERS.items())
        items = format_html_join("", '<li><code dir="ltr">{}</code> {}</li>', rows)
        braces = gettext("To enter a literal brace, type it twice.")
        return format_html('<ul class="detail-list">{}</ul><p>{}</p>', items, braces)
