"""Files that are sent with an inquiry, a message or an answer."""

from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from core.storage import private_storage
from inquiries.models.inquiry_event import InquiryEvent


def random_name(attachment: "Attachment", name: str) -> str:
    """A random file name with the extension of the detected content type."""
    return f"inquiries/{get_random_string(32)}.{attachment.kind}"


def random_preview_name(attachment: "Attachment", name: str) -> str:
    """A random file name for a preview."""
    return f"inquiries/{get_random_string(32)}.preview.webp"


class Attachment(models.Model):
    """A file of an inquiry: sent by the buyer, or with an answer, as `event` says."""

    class Scan(models.TextChoices):
        """What the scanner for viruses said; nothing about files of before it, or without one."""

        NONE = "", ""
        CLEAN = "clean", _("No virus found")
        WAITING = "waiting", _("Not checked for viruses yet")
        FAILED = "failed", _("Could not be checked for viruses")
        INFECTED = "infected", _("Deleted because of a virus")

    inquiry = models.ForeignKey(
        "inquiries.Inquiry", on_delete=models.CASCADE, related_name="attachments"
    )
    event = models.ForeignKey(InquiryEvent, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), storage=private_storage, upload_to=random_name)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=5)
    size = models.PositiveIntegerField(_("file size"))
    preview = models.FileField(
        _("preview"),
        storage=private_storage,
        upload_to=random_preview_name,
        blank=True,
        default="",
        db_default="",
    )
    needs_preview = models.BooleanField(default=False, db_default=False)
    # The file of an infected attachment is deleted, and `file` is empty.
    scan = models.CharField(max_length=10, choices=Scan, blank=True, default="", db_default="")

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], name="attachment_needs_preview", condition=Q(needs_preview=True)
            ),
            models.Index(
                fields=["id"], name="attachment_waits_for_scan", condition=Q(scan="waiting")
            ),
        ]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
