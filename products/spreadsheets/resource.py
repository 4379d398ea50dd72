"""The columns of a product sheet, and its import and export."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import tablib
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.results import Error, Result
from modeltranslation.utils import build_localized_fieldname

from core.spreadsheets.resources import SpreadsheetResource
from core.spreadsheets.widgets import CategoryWidget, TextField
from core.translated_rows import TranslatedRows
from products.models import Category, Product, ProductImage
from products.services.parts import replace_specifications, replace_variants
from products.services.publication import save_edited_product
from products.services.storing import NewProduct, create_products, update_products
from products.spreadsheets.current_row import CurrentRow
from products.spreadsheets.fields import (
    RELATIONS,
    LinesField,
    PicturesField,
    PictureSource,
    RelatedField,
)

PARTS = (LinesField, PicturesField)
MAX_PENDING = 100  # products that are stored together
DEFAULT_LANGUAGE = settings.LANGUAGE_CODE
LANGUAGES = [
    DEFAULT_LANGUAGE,
    *(code for code in settings.MODELTRANSLATION_LANGUAGES if code != DEFAULT_LANGUAGE),
]
TRANSLATED = ["name", "summary", "description", "unit", "port", "lead_time"]
LOCALIZED = [build_localized_fieldname(name, code) for name in TRANSLATED for code in LANGUAGES]


SAMPLE_ROWS: list[dict[str, Any]] = [
    {
        "slug": "example-jaw-crusher",
        "sku": "EX-600",
        "name_en": "Example jaw crusher",
        "name_zh_hans": "示例颚式破碎机",
        "name_ar": "مثال كسارة فكية",
        "summary_en": "A primary crusher for hard rock.",
        "description_en": "<p>Crushes rock of up to 480 mm.</p>",
        "unit_en": "set",
        "port_en": "Qingdao",
        "lead_time_en": "30 days after deposit",
        "min_order": 1,
        "hs_code": "847420",
        "status": "draft",
        "featured": 0,
        "order": 10,
        "specifications_en": "Motor power | 75 kW\nWeight | 16 t",
        "specifications_zh_hans": "电机功率 | 75 kW\n重量 | 16 t",
        "variants_en": "Electric | EX-600-E | 75 kW\nWith diesel engine | EX-600-D | 92 kW",
    },
    {
        "sku": "EX-SPARE-1",
        "name_en": "Example jaw plate",
        "summary_en": "A spare part for the example jaw crusher.",
        "unit_en": "piece",
        "min_order": 10,
        "status": "draft",
        "featured": 0,
        "order": 20,
        "related_products": "EX-600",
    },
]


class ProductResource(TranslatedRows, SpreadsheetResource):
    """Products as rows; `picture_source` provides the files of new pictures.

    For a ZIP file, the ZIP file itself is the source.
    """

    translated_fields = TRANSLATED
    identifier = "sku"
    title = "name"
    category = Field("category", "category", CategoryWidget(Category))
    related_products = RelatedField(CurrentRow())
    related_to_import = ["category", "related_products", *RELATIONS, "images"]

    class Meta(SpreadsheetResource.Meta):
        model = Product
        fields = [
            "slug", "sku", *LOCALIZED, "category", "min_order", "hs_code", "units_per_carton",
            "carton_weight", "carton_volume", "price_from", "price_to", "price_currency",
            "status", "featured", "order", "related_products",
        ]  # fmt: skip

    def __init__(self, picture_source: PictureSource | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.current_row = CurrentRow()
        self._new: NewProduct | None = None  # of the row that is being imported
        self._pending: list[tuple[NewProduct, Any]] = []  # with the results of their rows
        self._new_slugs: set[str] = set()
        self._changed: Product | None = None  # by the row that is being imported
        self._pending_changes: list[tuple[Product, Any]] = []
        self.fields |= {
            field.column_name: field
            for relation in RELATIONS
            for field in (LinesField(relation, code, self.current_row) for code in LANGUAGES)
        }
        self.fields["related_products"] = RelatedField(self.current_row)
        self.pictures = self.fields["images"] = PicturesField(self.current_row, picture_source)

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        field: Field = super().field_from_django_field(field_name, django_field, readonly)
        if field_name in LOCALIZED:
            return TextField(field_name, field_name, field.widget)
        return field

    def explain(self, field: Field) -> str:
        """What belongs into a column, also into those that hold the parts of a product."""
        column = str(field.column_name)
        if column.startswith("specifications"):
            return _("Specifications: a line for each, such as: Motor power | 75 kW")
        if column.startswith("variants"):
            return _(
                "Variants: a line for each with name, model number and specification, "
                "such as: With diesel engine | PE600-D | 92 kW"
            )
        if column == "images":
            return _(
                "Images: a line for each file in the ZIP file, such as: jaw.jpg | Alternative text"
            )
        if column == "related_products":
            return _("Related products: their slugs or model numbers, separated by commas.")
        return super().explain(field)

    def get_sample_rows(self) -> list[dict[str, Any]]:
        """Example products in the first category of the catalogue."""
        category = Category.objects.first()
        path = " > ".join(row.name for row in category.with_ancestors()) if category else ""
        return [{**row, "category": path or _("Name of a category")} for row in SAMPLE_ROWS]

    def filter_export(self, queryset: QuerySet, **kwargs: Any) -> QuerySet:
        products = queryset.defer(None).defer("search_text").select_related("category")
        return products.prefetch_related("related_products", *RELATIONS, "images")

    def after_export(self, queryset: QuerySet, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Attach the files of the pictures, which a ZIP file reads when it is written."""
        dataset.files = self.get_files(queryset.order_by().values("pk"))

    def get_files(self, products: Any) -> Iterator[File]:
        """The files of the pictures of products, which are given by their keys."""
        images = ProductImage.objects.filter(product__in=products)
        return (image.image for image in images.iterator())

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        if files := getattr(dataset, "files", None):
            self.pictures.source = files.read

    def after_import(self, dataset: tablib.Dataset, result: Result, **kwargs: Any) -> None:
        self._store_pending()
        for number, row in enumerate(result.rows, start=1):
            if row.errors and not row.is_error():  # it could not be stored
                result.totals[row.import_type] -= 1
                row.import_type = row.IMPORT_TYPE_ERROR
                result.increment_row_result_total(row)
                result.append_error_row(number, {}, row.errors)
        super().after_import(dataset, result, **kwargs)

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        stored: dict[str, Any] = {}
        if not new:
            for field in self.fields.values():
                if isinstance(field, PARTS):
                    stored[str(field.attribute)] = field.write_stored(instance)
            for name in ("slug", "sku", "status"):
                stored[name] = getattr(instance, name)
            stored["is_related"] = bool(instance.related_products.all())
        self.current_row.begin(instance, stored)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read every cell and combine the lines in all languages.

        Raises ValidationError with the errors of all columns.
        """
        if row.get("related_products"):  # perhaps of an earlier row
            self._store_pending()
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for relation in RELATIONS:
            if not any(name.startswith(relation) for name in errors):
                try:
                    self._combine_languages(instance, relation)
                except ValidationError as error:
                    errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        if instance.pk is None:
            typed = instance.slug
            instance.fill_slug()
            if instance.slug in self._new_slugs:
                self._store_new_products()
                instance.slug = typed
                instance.fill_slug()
            validate_unique = bool(typed)
        else:
            validate_unique = instance.slug != self.current_row.stored["slug"]
        super().validate_instance(instance, import_validation_errors, validate_unique)

    def clean_instance(self, instance: Any, **options: Any) -> None:
        """Spare the queries whose results are known: the category was read."""
        if instance.category_id:
            options["exclude"] = [*options["exclude"], "category"]
        options["validate_constraints"] = self._may_violate_constraint(instance)
        if options["validate_constraints"]:
            self._store_pending()  # an earlier row may have freed a model number
        super().clean_instance(instance, **options)

    def _may_violate_constraint(self, product: Product) -> bool:
        is_own = product.sku == self.current_row.stored.get("sku")
        is_used = not is_own and (self.matcher is None or self.matcher.is_identifier(product.sku))
        return is_used or product.min_order < 1 or product.status not in Product.Status.values

    def _changes_only_fields(self, product: Product, row: Any) -> bool:
        """Whether the row changes no part, nor what a service of its own changes."""
        stored = self.current_row.stored
        if (product.slug, product.status) != (stored["slug"], stored["status"]):
            return False
        if "related_products" in row and (row["related_products"] or stored["is_related"]):
            return False
        parts = [field for field in self.fields.values() if isinstance(field, PARTS)]
        return all(field.get_value(product) == stored[str(field.attribute)] for field in parts)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        if is_create and not (row.get("related_products") or row.get("images")):
            self._new = NewProduct(instance, **self.current_row.rows)
            return
        if not is_create and self._changes_only_fields(instance, row):
            self._changed = instance
            return
        save_edited_product(
            instance, partial(super().save_instance, instance, is_create, row, **kwargs)
        )

    def save_m2m(self, instance: Any, row: Any, **kwargs: Any) -> None:
        if self._new is None and self._changed is None:
            super().save_m2m(instance, row, **kwargs)

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        super().after_import_row(row, row_result, **kwargs)
        if self._new is not None:
            self._pending.append((self._new, row_result))
            self._new_slugs.add(self._new.product.slug)
            self._new = None
        if self._changed is not None:
            self._pending_changes.append((self._changed, row_result))
            self._changed = None
        if len(self._pending) >= MAX_PENDING:
            self._store_new_products()
        if len(self._pending_changes) >= MAX_PENDING:
            self._store_changes()

    def _store_pending(self) -> None:
        self._store_new_products()
        self._store_changes()

    def _store_changes(self) -> None:
        """Store the products that the last rows have changed, as `_store_new_products` does."""
        if not self._pending_changes:
            return
        pending, self._pending_changes = self._pending_changes, []
        try:
            update_products([product for product, _result in pending])
        except Exception:
            for product, result in pending:
                try:
                    update_products([product])
                except Exception as error:
                    result.errors.append(Error(error))

    def _store_new_products(self) -> None:
        """Store the products of the last rows; one that cannot be is an error of its row."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        self._new_slugs = set()
        try:
            create_products(new for new, _result in pending)
        except Exception:  # the row by itself shows which one it is
            for new, result in pending:
                _store_or_add_error(new, result)
        for new, result in pending:
            result.object_id = new.product.pk

    def _combine_languages(self, product: Product, relation: str) -> None:
        """Build the unsaved rows of a relation from its cells in all languages, if there are any.

        A stored row is identified by its name in the default language or, if that column is
        missing, by its position.
        """
        model, parts = RELATIONS[relation]
        fields = [self.fields[build_localized_fieldname(relation, code)] for code in LANGUAGES]
        default_field = fields[0]
        cells = self.current_row.cells
        imported = [field for field in fields if field.attribute in cells]
        if not imported:
            return
        rows = list(getattr(product, relation).all()) if product.pk else []
        if default_field in imported:
            by_name = {getattr(row, default_field.field_name("name")): row for row in rows}
            lines = cells[default_field.attribute]
            rows = [by_name.pop(line[0], None) or model(product=product) for line in lines]
        for field in imported:
            lines = cells[field.attribute] or [[""] * len(parts)] * len(rows)
            if len(lines) != len(rows):
                counts = {
                    "lines": len(lines),
                    "rows": len(rows),
                    "column": default_field.attribute,
                }
                reason = _("This cell has %(lines)d lines, but %(column)s has %(rows)d.") % counts
                raise ValidationError({field.attribute: reason})
            for row, line in zip(rows, lines, strict=True):
                for part, text in zip(parts, line, strict=True):
                    if text or part != "sku" or field is default_field:
                        setattr(row, field.field_name(part), text)
        for number, row in enumerate(rows, start=1):
            _validate_row(row, number, imported[0].attribute, parts)
        self.current_row.rows[relation] = rows

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        rows = self.current_row.rows
        if "specifications" in rows:
            replace_specifications(instance, rows["specifications"])
        if "variants" in rows:
            replace_variants(instance, rows["variants"])
        if not kwargs.get("dry_run", False):  # a dry run must not store files
            self.pictures.save_pictures(instance)
        self.current_row.cells = {}


def _store_or_add_error(new: NewProduct, result: Any) -> None:
    """Store a product whose key is that of an attempt that failed."""
    product: Any = new.product
    product.pk = None
    parts: list[Any] = [*new.specifications, *new.variants]
    for part in parts:
        part.pk, part.product = None, product  # so that it has no key of the product either
    try:
        create_products([new])
    except Exception as error:  # the library treats any error of a row like this
        result.errors.append(Error(error))


def _validate_row(row: Any, line: int, column: str, parts: tuple[str, ...]) -> None:
    """Raise ValidationError for `column` if the row that its line makes is not valid."""
    required = [part for part in parts if not row._meta.get_field(part).blank]
    try:
        row.clean_fields(exclude=["product", *(part for part in parts if part != "sku")])
        is_complete = all(getattr(row, part) for part in required)
        reasons = [] if is_complete else [_("A required part is missing.")]
    except ValidationError as error:
        reasons = error.messages
    if reasons:
        text = _("Line %(line)d: %(reason)s") % {"line": line, "reason": " ".join(reasons)}
        raise ValidationError({column: text})
