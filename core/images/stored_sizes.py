"""The sizes of stored pictures in bytes."""

import logging
from typing import cast

from django.core.cache import cache
from django.db.models.fields.files import ImageFieldFile

logger = logging.getLogger(__name__)


def stored_bytes(picture: ImageFieldFile) -> int:
    """The size of a picture's file, 0 if its storage does not say.

    It is remembered, because a bucket takes a request for each, and a picture never changes: its
    name is made of its content.
    """
    key = f"picture-size:{picture.name}"
    known = cast(int | None, cache.get(key))
    if known is None:
        try:
            known = picture.size
        except Exception as error:  # storages raise their own errors
            logger.warning("The size of %s is not known: %s", picture.name, error)
            return 0
        cache.set(key, known, timeout=None)
    return known
