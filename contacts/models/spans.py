"""Rows that stand side by side: two of one owner must not overlap."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise


class Span(models.Model):
    """From `start` to `end`, named here by their fields, for one `owner`."""

    owner: ClassVar[tuple[str, ...]]
    start: ClassVar[str]
    end: ClassVar[str]
    overlap_message: ClassVar[Promise]
    # A form that holds all rows of an owner compares them itself, since several may have changed.
    is_checked_by_form = False

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.is_complete and not self.is_checked_by_form:
            others = type(self)._default_manager.filter(**self.owned_by).exclude(pk=self.pk)
            if any(self.overlaps(other) for other in others):
                raise ValidationError({self.start: self.overlap_message})

    @property
    def owned_by(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.owner}

    @property
    def is_complete(self) -> bool:
        """Whether all was given that tells whether it overlaps another."""
        names = (*self.owner, self.start, self.end)
        return all(getattr(self, name) is not None for name in names)

    def overlaps(self, other: Self) -> bool:
        raise NotImplementedError
