"""Categories and tags."""

from django.contrib import admin

from config.admin import TranslatedAdmin
from news.models import Category, Tag


@admin.register(Category)
class CategoryAdmin(TranslatedAdmin):
    list_display = ["name", "slug", "order"]
    list_editable = ["order"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "order"]


@admin.register(Tag)
class TagAdmin(TranslatedAdmin):
    list_display = ["name", "slug"]
    list_per_page = 100
    search_fields = ["name", "slug"]
    fields = ["name", "slug"]
