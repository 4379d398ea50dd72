"""The files that visitors send along."""

from typing import Any

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from inquiries.models.events import InquiryEvent


def private_storage() -> Storage:
    """Where no web server looks: these files go out through views that ask who is reading."""
    return storages["private"]


def random_name(attachment: Any, name: str) -> str:
    """A name that tells nothing, with the ending that the content was found to have."""
    return f"inquiries/{get_random_string(32)}.{attachment.kind}"


class Attachment(models.Model):
    """A file of an inquiry, part of what the visitor sent with it or later."""

    inquiry = models.ForeignKey(
        "inquiries.Inquiry", on_delete=models.CASCADE, related_name="attachments"
    )
    event = models.ForeignKey(InquiryEvent, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), storage=private_storage, upload_to=random_name)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=5)
    size = models.PositiveIntegerField(_("size"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
