"""Files in an S3-compatible bucket. Only imported if one is used, since boto3 takes 35 MB."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from core.media import cache_control
from core.storage import note_new_file

MAX_MEMORY = 1024 * 1024  # bytes of a file; a larger one is read through a temporary file

CONFIG = Config(
    # Seconds. A request must not wait for minutes if the service does not answer.
    connect_timeout=5,
    read_timeout=20,
    retries={"total_max_attempts": 3},
    # Not every compatible service knows the newer checksums.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)

_connecting = Lock()


class BucketStorage(S3Storage):
    """The storage of django-storages, with one connection pool per service in each process.

    Its own connections, one per thread and bucket, would take 10 to 20 MB each. Like a folder, it
    raises FileNotFoundError for a missing file, and OSError if the service fails.
    """

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {
            "file_overwrite": False,
            "querystring_auth": False,
            "max_memory_size": MAX_MEMORY,
            "transfer_config": TransferConfig(use_threads=False),
        }

    @property
    def connection(self) -> Any:
        with _connecting:
            return _connect(self.access_key, self.secret_key, self.endpoint_url, self.region_name)

    def _open(self, name: str, mode: str = "rb") -> File:
        with _os_errors():
            file: File = super()._open(name, mode)
            if "r" in mode:
                file.open()  # downloads it, so that errors are raised here
            return file

    def _save(self, name: str, content: File) -> str:
        with _os_errors():
            stored: str = super()._save(name, content)
        note_new_file(self, stored)
        return stored

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Browsers fetch public files from the bucket, and may store them."""
        is_public = bool(self.custom_domain)
        caching = cache_control(name) if is_public else "private, no-store"
        return {**super().get_object_parameters(name), "CacheControl": caching}

    def walk(self, folder: str = "") -> Iterator[str]:
        """The names of all files in a folder such as `news/`, and in those within it."""
        root = f"{self.location}/" if self.location else ""
        with _os_errors():
            for found in self.bucket.objects.filter(Prefix=f"{root}{folder}"):
                if not found.key.endswith("/"):
                    yield found.key.removeprefix(root)

    def delete(self, name: str) -> None:
        with _os_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _os_errors():
            found: bool = super().exists(name)
            return found

    def size(self, name: str) -> int:
        with _os_errors():
            size: int = super().size(name)
            return size


@cache
def _connect(*account: str | None) -> Any:
    access_key, secret_key, endpoint, region = account
    session = boto3.Session(aws_access_key_id=access_key, aws_secret_access_key=secret_key)
    return session.resource("s3", endpoint_url=endpoint, region_name=region, config=CONFIG)


@contextmanager
def _os_errors() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise OSError(f"The bucket cannot be used: {error}") from error
