"""Signal receivers of the app."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from inquiries.models import Attachment


@receiver(post_delete, sender=Attachment)
def delete_attachment_files(instance: Attachment, **kwargs: Any) -> None:
    """Delete the file of a deleted attachment and its preview after the commit."""
    for file in filter(None, [instance.file, instance.preview]):
        transaction.on_commit(partial(file.storage.delete, str(file.name)), robust=True)
