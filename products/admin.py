"""Where the catalogue is kept."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin.dashboard import Task, add_tasks
from core.admin.translated import TranslatedAdmin, TranslatedInline
from core.richtext.admin import TranslatedRichTextAdmin
from core.spreadsheets import CSV, XLSX, ZIP, SpreadsheetMixin
from products.models import Category, Download, Product, ProductImage, Specification, Variant
from products.spreadsheets import ProductResource

MOST_AT_ONCE = 500  # products that an action changes


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
    view_on_site = False  # a draft's papers are not there
    fields = ["title", "kind", "file", "order"]


@admin.register(Product)
class ProductAdmin(SpreadsheetMixin, TranslatedRichTextAdmin):
    resource_classes = [ProductResource]
    import_formats = export_formats = [CSV, XLSX, ZIP]  # the last with pictures
    actions = ["publish", "withdraw", "feature", "unfeature"]
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
            _("Terms of trade"),
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

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        done = self._set(request, queryset, status=Product.Status.PUBLISHED)
        sentence = ngettext(
            "%(count)d product is published.", "%(count)d products are published.", done
        )
        self.message_user(request, sentence % {"count": done})

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        done = self._set(request, queryset, status=Product.Status.DRAFT)
        sentence = ngettext(
            "%(count)d product is withdrawn.", "%(count)d products are withdrawn.", done
        )
        self.message_user(request, sentence % {"count": done})

    @admin.action(description=_("Show on the home page"), permissions=["change"])
    def feature(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        done = self._set(request, queryset, featured=True)
        sentence = ngettext(
            "%(count)d product is featured.", "%(count)d products are featured.", done
        )
        self.message_user(request, sentence % {"count": done})

    @admin.action(description=_("Take off the home page"), permissions=["change"])
    def unfeature(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        done = self._set(request, queryset, featured=False)
        sentence = ngettext(
            "%(count)d product is not featured any more.",
            "%(count)d products are not featured any more.",
            done,
        )
        self.message_user(request, sentence % {"count": done})

    def _set(self, request: HttpRequest, queryset: QuerySet[Product], **values: object) -> int:
        """Save each product that is different, so that whatever listens hears of it."""
        others = queryset.exclude(**values)
        if others[MOST_AT_ONCE:].exists():
            sentence = _("Choose at most %(count)d products at once.") % {"count": MOST_AT_ONCE}
            self.message_user(request, sentence, messages.ERROR)
            return 0
        with transaction.atomic():
            products = list(others)
            for product in products:
                for field, value in values.items():
                    setattr(product, field, value)
                product.save(update_fields=list(values))
                self.log_change(request, product, [{"changed": {"fields": list(values)}}])
        return len(products)


add_tasks(
    Task(
        order=60,
        permission="products.add_product",
        title=_("Add a product"),
        text=_("With its pictures and technical data"),
        view_name="admin:products_product_add",
    )
)
