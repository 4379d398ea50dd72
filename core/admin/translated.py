"""Base classes of the admin for models with translated fields."""

from django.contrib import admin
from django.db import models
from django.forms import Media
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

admin.site.empty_value_display = "–"
admin.site.enable_nav_sidebar = False


class TranslatedAdmin(TranslationAdmin):
    """A ModelAdmin with one tab per language; without JavaScript all languages are shown."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @property
    def media(self) -> Media:
        return super().media + Media(js=["admin/language_tabs.js"])


class TranslatedInline(TranslationTabularInline):
    """Inline rows in the language of the selected tab."""

    extra = 0
