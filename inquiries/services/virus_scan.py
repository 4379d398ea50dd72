"""Scanning the attachments that were received while the scanner did not respond."""

import logging
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from core.virus_scan import ScanError, ScannerAwayError, find_virus
from inquiries.models import Attachment
from inquiries.services.messages import add_note

MAX_SCANS = 100  # in one run

logger = logging.getLogger(__name__)


def scan_waiting_attachments() -> None:
    """Scan the attachments that wait for it; the file of an infected one is deleted.

    Ends if the scanner does not respond. A file that it cannot scan is not tried again.
    """
    waiting = Attachment.objects.filter(scan=Attachment.Scan.WAITING)
    for attachment in waiting.order_by("pk")[:MAX_SCANS]:
        try:
            with attachment.file.open() as file:
                virus = find_virus(file)
        except ScannerAwayError:
            return
        except ScanError as error:
            logger.warning("Attachment %d cannot be scanned: %s", attachment.pk, error)
            waiting.filter(pk=attachment.pk).update(scan=Attachment.Scan.FAILED)
        except OSError:
            logger.exception("The file of attachment %d cannot be read.", attachment.pk)
            waiting.filter(pk=attachment.pk).update(scan=Attachment.Scan.FAILED)
        else:
            if virus:
                _remove_infected(attachment, virus)
            else:
                waiting.filter(pk=attachment.pk).update(scan=Attachment.Scan.CLEAN)


@transaction.atomic
def _remove_infected(attachment: Attachment, virus: str) -> None:
    """Delete the file and its preview, and tell the staff in the timeline."""
    found = Attachment.objects.select_for_update().filter(
        pk=attachment.pk, scan=Attachment.Scan.WAITING
    )
    current = found.select_related("inquiry").first()
    if current is None:
        return
    for file in filter(None, [current.file, current.preview]):
        transaction.on_commit(partial(file.storage.delete, str(file.name)), robust=True)
    current.file = current.preview = ""
    current.needs_preview, current.scan = False, Attachment.Scan.INFECTED
    current.save(update_fields=["file", "preview", "needs_preview", "scan"])
    text = _("A virus (%(virus)s) was found in “%(name)s”. The file was deleted.")
    add_note(current.inquiry, text % {"virus": virus, "name": current.name}, by=None)
