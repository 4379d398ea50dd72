"""Slugs made by themselves: Latin letters from any script, unique in their table."""

from collections.abc import Iterator
from typing import Any, Self

from anyascii import anyascii
from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.text import slugify

from core.pages.redirects import lead_on


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
    """A model with an address of its own that ends in its `slug`.

    The slug fills itself from the field named by `slug_from`; when it is changed, the old address
    leads on to the new one, in every language of the site.
    """

    slug_from = "name"
    slug: models.SlugField
    _stored_slug: str | None = None

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_slug()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self._stored_slug and self._stored_slug != self.slug:
                old, new = self._addresses(self._stored_slug), self._addresses(self.slug)
                lead_on(zip(old, new, strict=True))
        self._stored_slug = self.slug

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        instance = super().from_db(*args, **kwargs)
        instance._stored_slug = instance.__dict__.get("slug")
        return instance

    def clean(self) -> None:
        super().clean()
        self.fill_slug()

    def fill_slug(self) -> None:
        """Make a slug where there is none, of the text in the site's first language."""
        if not self.slug:
            with translation.override(settings.LANGUAGE_CODE):
                self.slug = unique_slug(self, getattr(self, self.slug_from) or "")

    def _addresses(self, slug: str) -> Iterator[str]:
        """The paths of a page with this slug, in each language of the site."""
        page = type(self)()
        page.slug = slug
        for code, _ in settings.LANGUAGES:
            with translation.override(code):
                yield page.get_absolute_url()
