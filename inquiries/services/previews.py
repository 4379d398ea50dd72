"""Making the previews of pictures that were attached."""

import logging

from core.images.previews import make_preview
from inquiries.models import Attachment

MAX_PREVIEWS = 10  # in one run, so that e-mail does not wait for long

logger = logging.getLogger(__name__)


def make_previews() -> None:
    """Make the previews of new pictures.

    A picture is marked before it is decoded, so that one that ends the process is not tried again,
    and that two machines do not work on the same one.
    """
    waiting = Attachment.objects.filter(needs_preview=True)
    for attachment in waiting.order_by("pk")[:MAX_PREVIEWS]:
        if waiting.filter(pk=attachment.pk).update(needs_preview=False):
            _make_preview(attachment)


def _make_preview(attachment: Attachment) -> None:
    try:
        with attachment.file.open() as file:
            preview = make_preview(file)
        if preview is not None:
            attachment.preview.save("", preview, save=False)
    except OSError:
        logger.exception("The preview of attachment %d cannot be stored.", attachment.pk)
        return
    stored = Attachment.objects.filter(pk=attachment.pk)
    if preview is not None and not stored.update(preview=attachment.preview.name):
        # The attachment was deleted in the meantime.
        attachment.preview.delete(save=False)
