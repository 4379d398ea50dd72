"""The pictures of products."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.images import PictureField
from core.loading import QuicklyLoadedModel
from products.models.watched import CatalogueQuerySet


class ProductImage(QuicklyLoadedModel):
    """A picture of a product; lists show the first one."""

    product = models.ForeignKey("products.Product", on_delete=models.CASCADE, related_name="images")
    image = PictureField(
        _("image"), upload_to="products/", width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=200,
        blank=True,
        help_text=_("Describes the image for people who cannot see it."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.alt or self.image.name or ""
