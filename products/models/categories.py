"""The branches of the catalogue: a tree of categories."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.images import PictureField
from core.slugs import SluggedModel

LEVELS = 3  # of categories; ProductQuerySet.below reaches as far


class CategoryQuerySet(models.QuerySet["Category"]):
    def roots(self) -> Self:
        """The categories at the top of the tree, each with all those below it, in three queries."""
        return self.filter(parent=None).prefetch_related("children__children")

    def for_home(self, most: int = 8) -> Self:
        return self.filter(parent=None)[:most]

    def with_products(self, most: int = 500) -> Self:
        """The categories, each with `published_products`, for an index of the site."""
        from products.models.products import Product

        products = Product.objects.published().select_related(None).only("slug", "name", "category")
        return self.prefetch_related(
            models.Prefetch("products", products[:most], "published_products")
        )


class Category(SluggedModel):
    """A branch of the catalogue."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=120, unique=True, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    description = models.TextField(_("description"), max_length=1000, blank=True)
    image = PictureField(
        _("picture"),
        upload_to="products/",
        blank=True,
        width_field="image_width",
        height_field="image_height",
    )
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="product_category_not_its_own_parent",
                violation_error_message=_("A category cannot be part of itself."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a parent that would make a circle, or a tree of more than three levels."""
        super().clean()
        above, path = self.parent, [self.pk]
        while above is not None:
            if above.pk in path:
                raise ValidationError({"parent": _("This category is part of the present one.")})
            path.append(above.pk)
            above = above.parent
        children = self.pk and Category.objects.filter(parent=self)
        below = bool(children) + bool(children and children.filter(children__isnull=False))
        if len(path) + below > LEVELS:
            raise ValidationError({"parent": _("Categories go three levels deep at the most.")})

    def get_absolute_url(self) -> str:
        return reverse("products:category", args=[self.slug])
