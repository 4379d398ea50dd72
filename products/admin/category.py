"""The admin of categories."""

from django.contrib import admin

from core.admin.translated import TranslatedAdmin
from products.models import Category


@admin.register(Category)
class CategoryAdmin(TranslatedAdmin):
    list_display = ["name", "parent", "order"]
    list_editable = ["order"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["parent", "contacts"]
    fields = ["name", "description", "parent", "image", "contacts", "order", "slug"]
