"""The files of an answer: uploads that are stored until it is sent, and PDF files of products."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.urls import reverse
from django.utils.translation import gettext as _

from core.uploads.forms import staff_scope
from inquiries.files import PreparedFile, clean_name
from inquiries.models import Inquiry
from products.models import Product

LIFETIME = timedelta(days=7)  # of the uploads for an answer that is not sent yet
MAX_PRODUCTS = 30


class ProductDocument(NamedTuple):
    """A PDF file of a product that can be sent with an answer."""

    key: str
    label: str
    file: File

    def prepare(self) -> PreparedFile:
        """The file as an attachment; raises ValidationError if it cannot be read."""
        try:
            self.file.open()
        except OSError as error:
            raise ValidationError(
                _("The file of “%(name)s” is missing. Upload it again in the product.")
                % {"name": self.label}
            ) from error
        return PreparedFile(self.file, clean_name(self.label, "pdf"), "pdf")


def answer_scope(user: User, inquiry: Inquiry) -> str:
    """The scope of the uploads that this user has stored for an answer to the inquiry."""
    return staff_scope(user, reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]))


def product_documents(inquiry: Inquiry) -> list[ProductDocument]:
    """The data sheets and downloads of the products of an inquiry."""
    products = Product.objects.filter(pk__in=inquiry.lines.values("product")).prefetch_related(
        "downloads"
    )
    return [document for product in products[:MAX_PRODUCTS] for document in _documents(product)]


def _documents(product: Product) -> Iterator[ProductDocument]:
    if product.datasheet:
        label = _("%(product)s – data sheet") % {"product": product.name}
        yield ProductDocument(f"datasheet-{product.pk}", label, product.datasheet)
    for download in product.downloads.all():
        label = f"{product.name} – {download.title}"
        yield ProductDocument(f"download-{download.pk}", label, download.file)
