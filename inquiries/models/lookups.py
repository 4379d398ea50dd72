"""Lookups that the querysets of several models share."""

from django.db.models import Expression, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact


def equals_ignoring_case(field: str, value: str | Expression) -> Exact:
    """Compares `field` with `value`, ignoring case; uses the index on `Lower(field)`."""
    return Exact(Lower(field), Lower(Value(value) if isinstance(value, str) else value))
