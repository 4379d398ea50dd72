"""Slugs made by themselves: Latin letters from any script, unique in their table."""

from typing import Any

from anyascii import anyascii
from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.text import slugify


def unique_slug(instance: models.Model, text: str) -> str:
    """A slug for `instance` made from `text`; a taken one gets a number: `pump`, `pump-2`.

    Text of which nothing remains (only signs) becomes the model's name. The result fits the
    model's `slug` field.
    """
    field: Any = instance._meta.get_field("slug")
    longest = field.max_length - 5  # room for the number
    base = slugify(anyascii(text))[:longest].strip("-") or str(instance._meta.model_name)
    others = type(instance)._default_manager.exclude(pk=instance.pk)
    taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


class SluggedModel(models.Model):
    """A model with a `slug` that fills itself from the field named by `slug_from`."""

    slug_from = "name"
    slug: models.SlugField

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_slug()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.fill_slug()

    def fill_slug(self) -> None:
        """Make a slug where there is none, of the text in the site's first language."""
        if not self.slug:
            with translation.override(settings.LANGUAGE_CODE):
                self.slug = unique_slug(self, getattr(self, self.slug_from) or "")
