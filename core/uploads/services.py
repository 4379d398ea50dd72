"""Storing the files of a form that is shown again, and deleting them."""

import logging
from datetime import timedelta

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.uploads.models import StoredUpload

logger = logging.getLogger(__name__)

LIFETIME = timedelta(hours=1)
DELETE_BATCH_SIZE = 500
MAX_NAME_LENGTH = 255
MAX_CONTENT_TYPE_LENGTH = 100


def store_upload(
    upload: UploadedFile, scope: str, lifetime: timedelta = LIFETIME
) -> StoredUpload | None:
    """Store an uploaded file for `lifetime`; None, with a log entry, if the storage fails."""
    upload.seek(0)
    try:
        with transaction.atomic():
            return StoredUpload.objects.create(
                scope=scope,
                file=File(upload.file, name=upload.name),
                name=str(upload.name)[-MAX_NAME_LENGTH:],
                content_type=(upload.content_type or "")[:MAX_CONTENT_TYPE_LENGTH],
                size=upload.size or 0,
                expires_at=timezone.now() + lifetime,
            )
    except OSError:
        logger.exception("An uploaded file cannot be stored; it has to be selected again.")
        return None


def delete_upload(upload: StoredUpload) -> None:
    """Delete a stored upload with its file."""
    upload.file.delete(save=False)
    upload.delete()


def delete_uploads(scope: str) -> None:
    """Delete all stored uploads of a form that is complete, with their files."""
    for upload in StoredUpload.objects.filter(scope=scope):
        delete_upload(upload)


def delete_expired_uploads() -> None:
    """Delete all stored uploads that have expired, with their files."""
    while batch := list(StoredUpload.objects.expired()[:DELETE_BATCH_SIZE]):
        for upload in batch:
            delete_upload(upload)
