"""Products as rows of a table, with their specifications, variants and pictures as lines of cells.

A cell of specifications holds a line for each, as `Motor power | 75 kW`; one of variants, as
`With diesel engine | PE600-D | 92 kW`. Pictures are named, as `jaw.jpg | What it shows`.
"""

from typing import Any

import tablib
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, IntegerField, Model, QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.results import Result
from modeltranslation.utils import build_localized_fieldname

from core.spreadsheets import BySlugWidget, SlugsWidget, SpreadsheetResource, TextField
from core.translated_rows import TranslatedRows
from products.cells import WholeNumberWidget, YesNoWidget, read_lines, write_lines
from products.imported_pictures import NamedPictures
from products.models import Category, Product, ProductImage, Specification, Variant
from products.receivers import refresh

FIRST = settings.LANGUAGE_CODE
LANGUAGES = [FIRST, *(code for code in settings.LANGUAGES_WITH_CONTENT if code != FIRST)]
TRANSLATED = ["name", "summary", "description", "unit", "port", "lead_time"]
LOCALIZED = [build_localized_fieldname(name, code) for name in TRANSLATED for code in LANGUAGES]

PARTS: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "specifications": (Specification, ("name", "value")),
    "variants": (Variant, ("name", "sku", "specification")),
}


class LinesField(Field):
    """A cell that holds rows of another table, in one language.

    What was read waits in the product's `read_cells` until the product is saved.
    """

    def __init__(self, relation: str, language: str) -> None:
        self.relation, self.language = relation, language
        self.parts = PARTS[relation][1]
        column = build_localized_fieldname(relation, language)
        super().__init__(attribute=column, column_name=column)

    def column_of(self, part: str) -> str:
        return part if part == "sku" else build_localized_fieldname(part, self.language)

    def get_value(self, instance: Any, **kwargs: Any) -> str:
        read = instance.__dict__.get("read_cells", {})
        if self.attribute in read:
            return write_lines(read[self.attribute])
        rows = getattr(instance, self.relation).all() if instance.pk else []
        columns = [self.column_of(part) for part in self.parts]
        lines = [[getattr(row, column) or "" for column in columns] for row in rows]
        # A model number alone is no translation.
        said = any(row[0] or row[-1] for row in lines)
        return write_lines(lines) if said else ""

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        cells = instance.__dict__.setdefault("read_cells", {})
        cells[self.attribute] = read_lines(row[self.column_name], len(self.parts))


class ProductResource(TranslatedRows, SpreadsheetResource):
    """`pictures` says where pictures lie that the table names and the site has not yet.

    A table that came in a ZIP file brings them along.
    """

    translated = TRANSLATED
    category = Field("category", "category", BySlugWidget(Category))
    related_products = Field("related_products", "related_products", SlugsWidget(Product))

    class Meta(SpreadsheetResource.Meta):
        model = Product
        fields = [
            "slug", "sku", *LOCALIZED, "category", "min_order", "hs_code", "status", "featured",
            "order", "related_products",
        ]  # fmt: skip

    def __init__(self, pictures: NamedPictures | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields |= {
            field.column_name: field
            for relation in PARTS
            for field in (LinesField(relation, code) for code in LANGUAGES)
        }
        self.fields["images"] = pictures or NamedPictures()

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        field: Field = super().field_from_django_field(field_name, django_field, readonly)
        if isinstance(django_field, IntegerField):
            field.widget = WholeNumberWidget()
        elif isinstance(django_field, BooleanField):
            field.widget = YesNoWidget()
        if field_name in LOCALIZED:
            return TextField(field_name, field_name, field.widget)
        return field

    def filter_export(self, queryset: QuerySet, **kwargs: Any) -> QuerySet:
        shaped = queryset.defer(None).defer("searched").select_related("category")
        return shaped.prefetch_related("related_products", *PARTS, "images")

    def after_export(self, queryset: QuerySet, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Say where the pictures are, for who packs them; nothing is read yet."""
        images = ProductImage.objects.filter(product__in=queryset.order_by().values("pk"))
        dataset.files = (image.image for image in images.iterator())

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        if files := getattr(dataset, "files", None):
            self.fields["images"].source = files.read

    def after_import(self, dataset: tablib.Dataset, result: Result, **kwargs: Any) -> None:
        super().after_import(dataset, result, **kwargs)
        if result.has_errors() or result.has_validation_errors():
            self.fields["images"].forget()

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Read every cell, and put the lines of all languages together."""
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        instance.read_rows = {}
        for relation in PARTS:
            if not any(name.startswith(relation) for name in errors):
                try:
                    instance.read_rows[relation] = self._rows(instance, relation)
                except ValidationError as error:
                    errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def _rows(self, product: Any, relation: str) -> list[Any] | None:
        """The rows that the cells of all languages make, not saved; None where there is no cell.

        A row that is there already is known by its name in the first language, else by its place.
        """
        fields = [self.fields[build_localized_fieldname(relation, code)] for code in LANGUAGES]
        cells = product.__dict__.get("read_cells", {})
        given = [field for field in fields if field.attribute in cells]
        if not given:
            return None
        model, parts = PARTS[relation]
        rows = list(getattr(product, relation).all()) if product.pk else []
        if fields[0] in given:
            known = {getattr(row, fields[0].column_of("name")): row for row in rows}
            lines = cells[fields[0].attribute]
            rows = [known.pop(line[0], None) or model(product=product) for line in lines]
        for field in given:
            lines = cells[field.attribute] or [[""] * len(parts)] * len(rows)
            if len(lines) != len(rows):
                counts = {"lines": len(lines), "rows": len(rows), "column": fields[0].attribute}
                reason = _("There are %(lines)d lines here, but %(rows)d in %(column)s.") % counts
                raise ValidationError({field.attribute: reason})
            for place, (row, line) in enumerate(zip(rows, lines, strict=True)):
                row.order = place
                for part, text in zip(parts, line, strict=True):
                    if text or part != "sku" or field is fields[0]:
                        setattr(row, field.column_of(part), text)
        for place, row in enumerate(rows, start=1):
            self._check(row, place, given[0].attribute, PARTS[relation][1])
        return rows

    def _check(self, row: Any, line: int, column: str, parts: tuple[str, ...]) -> None:
        needed = [part for part in parts if not type(row)._meta.get_field(part).blank]
        try:
            row.clean_fields(exclude=["product", *(part for part in parts if part != "sku")])
            reasons = (
                [] if all(getattr(row, part) for part in needed) else [_("A part is missing.")]
            )
        except ValidationError as error:
            reasons = error.messages
        if reasons:
            text = _("Line %(line)d: %(reason)s") % {"line": line, "reason": " ".join(reasons)}
            raise ValidationError({column: text})

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        for relation, rows in instance.read_rows.items():
            if rows is not None:
                self._keep(instance, relation, rows)
        self.fields["images"].keep(instance, dry_run=kwargs.get("dry_run", False))
        instance.__dict__.pop("read_cells", None)
        refresh(instance)

    def _keep(self, product: Any, relation: str, rows: list[Any]) -> None:
        """Make `rows` all that the product has; at once, so that it is refreshed only once."""
        model, parts = PARTS[relation]
        manager = getattr(product, relation)
        there = [row for row in rows if row.pk]
        manager.exclude(pk__in=[row.pk for row in there]).delete()
        columns = ["order"]
        for part in parts:
            columns += (
                [part] if part == "sku" else [build_localized_fieldname(part, c) for c in LANGUAGES]
            )
        if model is Specification:
            columns += ["name_key", "value_key"]
            for row in rows:
                row.fill_keys()
        else:
            manager.update(sku="")  # so that two may exchange theirs
        for row in rows:
            row.product = product
        model._default_manager.bulk_update(there, columns)
        model._default_manager.bulk_create([row for row in rows if not row.pk])
