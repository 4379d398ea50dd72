"""The admin of synonyms."""

from django.contrib import admin

from core.search.models import Synonyms


@admin.register(Synonyms)
class SynonymsAdmin(admin.ModelAdmin):
    search_fields = ["words"]
