"""The PDF files of products."""

from typing import Any

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.loading import QuicklyLoadedModel
from core.search.index import update_index
from core.validators import validate_pdf
from products.models.watched import CatalogueQuerySet


class Download(QuicklyLoadedModel):
    """A PDF file that visitors can download."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificate")
        DATASHEET = "datasheet", _("Data sheet")
        MANUAL = "manual", _("Manual")

    product = models.ForeignKey(
        "products.Product", on_delete=models.CASCADE, related_name="downloads"
    )
    title = models.CharField(_("title"), max_length=150)
    kind = models.CharField(
        _("type"), max_length=12, choices=Kind.choices, default=Kind.CERTIFICATE
    )
    file = models.FileField(
        _("file"),
        upload_to="downloads/",
        validators=[validate_pdf],
        help_text=_("PDF, up to 20 MB."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CatalogueQuerySet.as_manager()

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            update_index(Download, [self.pk])

    def get_absolute_url(self) -> str:
        return reverse("products:download", args=[self.product_id, self.pk])
