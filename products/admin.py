"""Where the catalogue is kept."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.admin import TranslatedAdmin, TranslatedInline
from config.richtext.admin import RichTextAdminMixin
from products.models import Category, Download, Product, ProductImage, Specification, Variant


@admin.register(Category)
class CategoryAdmin(TranslatedAdmin):
    list_display = ["name", "parent", "order"]
    list_editable = ["order"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["parent"]
    fields = ["name", "description", "parent", "image", "order", "slug"]


class SpecificationInline(TranslatedInline):
    model = Specification
    fields = ["name", "value", "order"]


class ProductImageInline(TranslatedInline):
    model = ProductImage
    fields = ["image", "alt", "order"]


class VariantInline(TranslatedInline):
    model = Variant
    fields = ["name", "sku", "specification", "order"]


class DownloadInline(TranslatedInline):
    model = Download
    fields = ["title", "kind", "file", "order"]


@admin.register(Product)
class ProductAdmin(RichTextAdminMixin, TranslatedAdmin):
    list_display = ["name", "sku", "category", "min_order", "unit", "status", "featured", "order"]
    list_editable = ["order"]
    list_filter = ["status", "featured", "category"]
    list_per_page = 50
    search_fields = ["name", "sku", "summary", "slug"]
    search_help_text = _("Name, model number, summary or address")
    autocomplete_fields = ["category", "related_products"]
    inlines = [ProductImageInline, SpecificationInline, VariantInline, DownloadInline]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["name", "sku", "category", "summary", "description"]}),
        (
            _("Ordering"),
            {"fields": ["min_order", "unit", "port", "lead_time", "hs_code", "datasheet"]},
        ),
        (
            _("On the site"),
            {
                "fields": ["status", "featured", "order", "related_products", "slug"],
                "description": _("A draft is seen by nobody and cannot be asked about."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        queryset = super().get_queryset(request)
        if request.path == reverse("admin:products_product_changelist"):
            return queryset.select_related("category").defer("description")
        return queryset
