"""Categories and tags in the admin."""

from django.contrib import admin

from core.admin.translated import TranslatedAdmin
from news.models import Category, Tag


@admin.register(Category)
class CategoryAdmin(TranslatedAdmin):
    list_display = ["name", "parent", "slug", "order"]
    list_editable = ["order"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["parent"]
    fields = ["name", "parent", "slug", "order"]


@admin.register(Tag)
class TagAdmin(TranslatedAdmin):
    list_display = ["name", "slug"]
    list_per_page = 100
    search_fields = ["name", "slug"]
    fields = ["name", "slug"]
