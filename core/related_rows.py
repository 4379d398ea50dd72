"""Rows of another table, read within the query of the rows to which they belong."""

from typing import Any

from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject


class RelatedRows(Subquery):
    """An annotation with the list of all rows of a queryset, instead of one value of one row.

    In place of `prefetch_related`, it saves a query:

    Product.objects.annotate(
        pictures=RelatedRows(ProductImage.objects.filter(product=OuterRef("pk")))
    )
    """

    def __init__(self, queryset: QuerySet) -> None:
        self.row_model = queryset.model
        names = [field.attname for field in queryset.model._meta.concrete_fields]
        columns = JSONObject(**dict(zip(names, names, strict=True)))
        rows: Any = queryset.annotate(columns=columns).values("columns")
        super().__init__(rows, output_field=JSONField())

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        template = "(SELECT JSON_GROUP_ARRAY(JSON(columns)) FROM (%(subquery)s))"
        return self.as_sql(compiler, connection, template=template)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = "(SELECT COALESCE(JSONB_AGG(columns), '[]') FROM (%(subquery)s) AS related)"
        return self.as_sql(compiler, connection, template=template)

    def get_db_converters(self, connection: Any) -> list[Any]:
        return [*super().get_db_converters(connection), self._make_rows]

    def _make_rows(self, found: list[dict[str, Any]], expression: Any, connection: Any) -> Any:
        fields = self.row_model._meta.concrete_fields
        names = [field.attname for field in fields]
        return [
            self.row_model.from_db(
                connection.alias, names, [field.to_python(row[field.attname]) for field in fields]
            )
            for row in found
        ]
