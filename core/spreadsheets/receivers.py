"""Signal receivers of the app."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from core.spreadsheets.models import SpreadsheetJob


@receiver(post_delete, sender=SpreadsheetJob)
def delete_file(instance: SpreadsheetJob, **kwargs: Any) -> None:
    """Delete the file of a deleted job after the commit."""
    if file := instance.file:
        transaction.on_commit(partial(file.storage.delete, str(file.name)), robust=True)
