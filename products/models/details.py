"""What belongs to a product: its technical data, variants, pictures and papers."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.images import PictureField
from core.validators import validate_pdf
from products.models.products import Product
from products.texts import in_first_language, key


class Specification(models.Model):
    """One line of a product's table of technical data."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="specifications")
    name = models.CharField(_("name"), max_length=100)
    value = models.CharField(_("value"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # By these lists are filtered and products compared, whatever the language and the spelling.
    name_key = models.CharField(max_length=100, editable=False, default="")
    value_key = models.CharField(max_length=200, editable=False, default="")

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("specification")
        verbose_name_plural = _("specifications")
        indexes = [
            models.Index(fields=["name_key", "value_key", "product"], name="specification_filter")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Make the keys of the texts; who saves many rows at once calls this for each."""
        self.name_key = key(in_first_language(self, "name"), 100)
        self.value_key = key(in_first_language(self, "value"), 200)


class Variant(models.Model):
    """One of several makes of a product: a size, a drive, a voltage."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    name = models.CharField(_("name"), max_length=100)
    sku = models.CharField(_("model number"), max_length=60, blank=True)
    specification = models.CharField(
        _("what it has"), max_length=300, blank=True, help_text=_("As: 60 m³/h, 90 kW, 6.5 t")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints = [
            models.UniqueConstraint(
                fields=["sku"],
                name="variant_sku_unique",
                condition=~models.Q(sku=""),
                violation_error_message=_("Another variant has this model number."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Download(models.Model):
    """A paper that visitors may take with them."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificate")
        DATASHEET = "datasheet", _("Data sheet")
        MANUAL = "manual", _("Manual")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="downloads")
    title = models.CharField(_("title"), max_length=150)
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind.choices, default=Kind.CERTIFICATE
    )
    file = models.FileField(
        _("file"),
        upload_to="downloads/",
        validators=[validate_pdf],
        help_text=_("A PDF file of up to 20 MB."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["certificate", "datasheet", "manual"]),
                name="download_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("products:download", args=[self.product_id, self.pk])


class ProductImage(models.Model):
    """One picture of a product. The first one stands for it in lists."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    image = PictureField(
        _("picture"), upload_to="products/", width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    alt = models.CharField(
        _("what it shows"),
        max_length=200,
        blank=True,
        help_text=_("Read out to those who cannot see the picture."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.alt or self.image.name or ""
