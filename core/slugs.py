"""Slugs made from a title in any script: Latin letters, unique in their table."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from anyascii import anyascii
from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.text import slugify

from core.page_urls import page_url
from core.pages.redirects import add_redirects


def unique_slug(instance: models.Model, text: str) -> str:
    """Make a slug for `instance` from `text`, with a number if it is taken: `pump`, `pump-2`.

    If `text` has no letters or digits, the model's name is used. The result fits the `slug` field.
    """
    field: Any = instance._meta.get_field("slug")
    max_length = field.max_length - 5  # room for the number
    base = slugify(anyascii(text))[:max_length].strip("-") or str(instance._meta.model_name)
    others = type(instance)._default_manager.exclude(pk=instance.pk)
    taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


class SluggedModel(models.Model):
    """A model whose page has a URL that ends in its `slug`.

    `view_name` is that of the page. An empty slug is made from the field named by `slug_from`.
    After a change of the slug, the old URL redirects to the new one in every language of the site.
    """

    view_name: ClassVar[str]
    slug_from = "name"
    slug: models.SlugField

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_slug()
        with transaction.atomic():
            stored_slug = self._stored_slug(kwargs.get("update_fields"))
            super().save(*args, **kwargs)
            if stored_slug and stored_slug != self.slug:
                add_redirects(zip(self._paths(stored_slug), self._paths(self.slug), strict=True))

    def get_absolute_url(self) -> str:
        return page_url(self.view_name, self.slug)

    def clean(self) -> None:
        super().clean()
        self.fill_slug()

    def fill_slug(self) -> None:
        """Make a missing slug from the text in the site's first language."""
        if not self.slug:
            with translation.override(settings.LANGUAGE_CODE):
                self.slug = unique_slug(self, getattr(self, self.slug_from) or "")

    def _stored_slug(self, update_fields: Iterable[str] | None) -> str | None:
        """The slug that saving replaces; None for a new row or one whose slug is not saved."""
        if not self.pk or (update_fields is not None and "slug" not in update_fields):
            return None
        rows: Any = type(self)._default_manager
        stored = rows.filter(pk=self.pk).select_for_update().values_list("slug", flat=True)
        return stored.first()

    def _paths(self, slug: str) -> Iterator[str]:
        """The path of the page with this slug, in each language of the site."""
        page = type(self)()
        page.slug = slug
        for code, _ in settings.LANGUAGES:
            with translation.override(code):
                yield page.get_absolute_url()
