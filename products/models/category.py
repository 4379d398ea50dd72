"""The categories of the catalogue."""

from typing import Any, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core import taxonomy
from core.images import PictureField
from core.search.index import update_index
from products.models.watched import CatalogueQuerySet


class CategoryQuerySet(CatalogueQuerySet["Category"]):
    def for_home(self, limit: int = 8) -> Self:
        """The first categories of the top level."""
        return self.filter(parent=None)[:limit]


class Category(taxonomy.AbstractCategory):
    """A category of the catalogue."""

    view_name = "products:category"
    MAX_LEVELS = 3
    too_deep_message = _("Categories can be nested at most three levels deep.")

    description = models.TextField(_("description"), max_length=1000, blank=True)
    image = PictureField(
        _("image"),
        upload_to="products/",
        blank=True,
        width_field="image_width",
        height_field="image_height",
    )
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)

    contacts = models.ManyToManyField(
        "contacts.Contact",
        blank=True,
        related_name="categories",
        verbose_name=_("contacts"),
        help_text=_(
            "Shown first on the pages of the products. If empty, those of the category above, or "
            "else all contacts."
        ),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta(taxonomy.AbstractCategory.Meta):
        pass

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            update_index(Category, [self.pk])
