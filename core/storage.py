"""The storage of files that only some people may read."""

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """The storage outside the public media; its files are served by views that check access."""
    return storages["private"]
