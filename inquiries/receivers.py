"""Signal receivers of the app."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from inquiries.models import Attachment


@receiver(post_delete, sender=Attachment)
def delete_attachment_file(instance: Attachment, **kwargs: Any) -> None:
    """Delete the file of a deleted attachment after the commit."""
    storage, name = instance.file.storage, str(instance.file.name)
    transaction.on_commit(lambda: storage.delete(name), robust=True)
