"""The admin of products."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin.lists import BoundedChangeList
from core.admin.staff_views import StaffRequest
from core.richtext.admin import TranslatedRichTextAdmin
from core.spreadsheets.admin import SpreadsheetMixin
from core.spreadsheets.archives import ZIP
from core.spreadsheets.formats import CSV, XLSX
from core.text.partial_search import search_parts
from core.text.search_query import clean_query
from core.trigram_tables import narrow
from products.admin.inlines import (
    DownloadInline,
    ProductImageInline,
    SpecificationInline,
    VariantInline,
)
from products.models import Product, ProductQuerySet
from products.services.publication import (
    feature_product,
    publish_product,
    save_edited_product,
    unfeature_product,
    withdraw_product,
)

MAX_PRODUCTS_PER_ACTION = 500


class ProductChangeList(BoundedChangeList):
    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Product]:
        products = super().get_queryset(request, *args, **kwargs)
        return products.defer("description", "search_text")


@admin.register(Product)
class ProductAdmin(SpreadsheetMixin, TranslatedRichTextAdmin):
    resource = "products.spreadsheets.ProductResource"
    import_formats = export_formats = [CSV, XLSX, ZIP]  # ZIP includes the pictures
    actions = ["publish", "withdraw", "feature", "unfeature"]
    list_display = ["name", "sku", "category", "min_order", "unit", "status", "featured", "order"]
    list_editable = ["order"]
    sortable_by = ["name", "sku", "order"]  # columns with an index
    list_filter = ["status", "featured", "category"]
    list_per_page = 50
    list_select_related = ["category"]
    search_fields = ["search_text"]
    search_help_text = _("Any words of the product, its model number or slug")
    autocomplete_fields = ["category", "related_products"]
    inlines = [ProductImageInline, SpecificationInline, VariantInline, DownloadInline]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["name", "sku", "category", "summary", "description"]}),
        (
            _("Trade terms"),
            {"fields": ["min_order", "unit", "port", "lead_time", "hs_code", "datasheet"]},
        ),
        (
            _("Price and packing"),
            {
                "fields": [
                    ("price_from", "price_to", "price_currency"),
                    ("units_per_carton", "carton_weight", "carton_volume"),
                ],
                "description": _(
                    "From the packing, pages show cartons, weight and the part of a container for "
                    "any quantity."
                ),
            },
        ),
        (
            _("Visibility"),
            {
                "fields": ["status", "featured", "order", "related_products", "slug"],
                "description": _("Drafts are not public and cannot be added to inquiries."),
            },
        ),
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ProductChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        """Find a model number or slug, else search as visitors do, and in parts of the slugs."""
        search = clean_query(search_term)
        if not search:
            return queryset, False
        exact = queryset.filter(Q(sku__in=[search, search.upper()]) | Q(slug=search))
        if exact.exists():
            return exact, False
        found = cast(ProductQuerySet, queryset).matching(search_parts(search))
        in_slug = Q(slug__contains=search.lower())
        return found | narrow(queryset, Product, in_slug).filter(in_slug), False

    def save_model(self, request: HttpRequest, obj: Product, form: ModelForm, change: bool) -> None:
        save_edited_product(obj, partial(super().save_model, request, obj, form, change))

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: StaffRequest, queryset: QuerySet[Product]) -> None:
        drafts = queryset.filter(status=Product.Status.DRAFT)
        count = self._change_each(publish_product, request, drafts)
        sentence = ngettext("%(count)d product published.", "%(count)d products published.", count)
        self.message_user(request, sentence % {"count": count})

    @admin.action(description=_("Unpublish"), permissions=["change"])
    def withdraw(self, request: StaffRequest, queryset: QuerySet[Product]) -> None:
        published = queryset.filter(status=Product.Status.PUBLISHED)
        count = self._change_each(withdraw_product, request, published)
        sentence = ngettext(
            "%(count)d product unpublished.", "%(count)d products unpublished.", count
        )
        self.message_user(request, sentence % {"count": count})

    @admin.action(description=_("Feature on the home page"), permissions=["change"])
    def feature(self, request: StaffRequest, queryset: QuerySet[Product]) -> None:
        others = queryset.filter(featured=False)
        count = self._change_each(feature_product, request, others)
        sentence = ngettext(
            "%(count)d product featured on the home page.",
            "%(count)d products featured on the home page.",
            count,
        )
        self.message_user(request, sentence % {"count": count})

    @admin.action(description=_("Remove from the home page"), permissions=["change"])
    def unfeature(self, request: StaffRequest, queryset: QuerySet[Product]) -> None:
        featured = queryset.filter(featured=True)
        count = self._change_each(unfeature_product, request, featured)
        sentence = ngettext(
            "%(count)d product removed from the home page.",
            "%(count)d products removed from the home page.",
            count,
        )
        self.message_user(request, sentence % {"count": count})

    def _change_each(
        self, change: Callable[..., bool], request: StaffRequest, queryset: QuerySet[Product]
    ) -> int:
        """The number of products that `change` has changed; none if too many were selected."""
        if queryset[MAX_PRODUCTS_PER_ACTION:].exists():
            sentence = _("Select at most %(count)d products at a time.")
            self.message_user(
                request, sentence % {"count": MAX_PRODUCTS_PER_ACTION}, messages.ERROR
            )
            return 0
        with transaction.atomic():
            return sum(change(product, by=request.user) for product in list(queryset))
