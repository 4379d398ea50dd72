"""Specifications that were stored before the numbers get them by the migration."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from products.models import Specification
from tests.factories import make_product

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

BEFORE = ("products", "0005_more_languages")


def test_stored_specifications_get_numbers_and_keep_what_was_typed():
    product = make_product()
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("products")
    for value in ("16.8 t", "50–120 t/h", "600 × 900 mm", "≤ 500 mm"):
        product.specifications.create(name="Value", value=value)
    MigrationExecutor(connection).migrate([BEFORE])
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "products_specification")
    assert "minimum" not in {column.name for column in columns}
    MigrationExecutor(connection).migrate(latest)
    rows = Specification.objects.values_list("value", "minimum", "maximum", "unit")
    assert list(rows) == [
        ("16.8 t", 16800, 16800, "kg"),
        ("50–120 t/h", 50, 120, "t/h"),
        ("600 × 900 mm", None, None, ""),
        ("≤ 500 mm", None, 500, "mm"),
    ]
