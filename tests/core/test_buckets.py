"""Uploads and private files in an S3-compatible bucket."""

import runpy
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.module_loading import import_string

from config import env
from core import buckets
from core.uploads.models import StoredUpload
from core.uploads.services import store_upload
from inquiries.downloads import attachment_response
from inquiries.models import Attachment
from tests.factories import make_inquiry
from tests.object_storage import ObjectStorage

UPLOADS = "s3://key:secret@uploads?endpoint=https://s3.example.com"


@pytest.fixture(scope="module")
def service() -> Iterator[ObjectStorage]:
    with ObjectStorage() as service:
        service.create_bucket("private")
        yield service


@pytest.fixture
def storage(service: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The private storage in an empty bucket."""
    for name in service.names("private"):
        service.client.delete_object(Bucket="private", Key=name)
    return make_storage(monkeypatch, service.endpoint)


def make_storage(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> Any:
    url = f"s3://key:secret@private?endpoint={endpoint}&region=us-east-1"
    monkeypatch.setenv("PRIVATE_STORAGE_URL", url)
    options = env.private_storage("PRIVATE_STORAGE_URL", Path(), {})
    return import_string(options["BACKEND"])(**options["OPTIONS"])


def test_a_file_is_stored_read_and_deleted(service, storage):
    name = storage.save("inquiries/list.pdf", ContentFile(b"one"))
    assert (name, storage.size(name)) == ("inquiries/list.pdf", 3)
    with storage.open(name) as file:
        assert file.read() == b"one"
    other = storage.save("inquiries/list.pdf", ContentFile(b"two"))
    assert other != name, "a second file of that name does not replace the first"
    storage.delete(name)
    assert service.names("private") == [other]
    assert not storage.exists(name)


def test_nobody_else_can_read_a_private_file(service, storage):
    name = storage.save("inquiries/list.pdf", ContentFile(b"one"))
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{service.endpoint}/private/{name}")
    assert refused.value.code == HTTPStatus.FORBIDDEN


def test_a_missing_file_is_not_found(storage):
    for read in (storage.open, storage.size):
        with pytest.raises(FileNotFoundError):
            read("missing.pdf")
    storage.delete("missing.pdf")


def test_a_large_file_is_not_held_in_memory(storage):
    content = b"x" * (buckets.MAX_MEMORY + 1)
    with storage.open(storage.save("large", ContentFile(content))) as file:
        assert file.file._rolled, "it was not written to a temporary file"
        assert file.read() == content


def test_all_threads_and_buckets_of_a_service_share_its_connections(service, storage, monkeypatch):
    storage.save("first", ContentFile(b"one"))
    monkeypatch.setattr(boto3, "Session", pytest.fail)
    other = type(storage)(
        bucket_name="other",
        access_key="key",
        secret_key="secret",
        endpoint_url=service.endpoint,
        region_name="us-east-1",
    )
    results = []
    for each in (storage, other):
        thread = threading.Thread(target=lambda each=each: results.append(each.exists("first")))
        thread.start()
        thread.join()
    assert results == [True, False]


@pytest.mark.parametrize(
    "use",
    [
        lambda storage: storage.save("a", ContentFile(b"one")),
        lambda storage: storage.open("a"),
        lambda storage: storage.exists("a"),
        lambda storage: storage.size("a"),
        lambda storage: storage.delete("a"),
    ],
)
def test_a_service_that_is_down_raises_the_errors_of_a_full_disk(monkeypatch, use):
    with pytest.raises(OSError, match="bucket"):
        use(make_storage(monkeypatch, "http://127.0.0.1:1"))


@pytest.mark.django_db
def test_a_form_works_while_the_service_is_down(monkeypatch):
    down = make_storage(monkeypatch, "http://127.0.0.1:1")
    monkeypatch.setattr(StoredUpload._meta.get_field("file"), "storage", down)
    assert store_upload(SimpleUploadedFile("list.pdf", b"one"), scope="test") is None
    assert not StoredUpload.objects.exists()


@pytest.mark.django_db
def test_an_attachment_is_sent_from_the_bucket(monkeypatch, storage):
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", storage)
    inquiry = make_inquiry()
    attachment = inquiry.attachments.create(
        event=inquiry.events.create(kind="received"),
        file=ContentFile(b"one", name="any"),
        name="list.pdf",
        kind="pdf",
        size=3,
    )
    response = attachment_response(inquiry.attachments.all(), attachment.pk)
    assert b"".join(response) == b"one"
    assert response["Content-Length"] == "3"
    assert response["Content-Disposition"] == 'attachment; filename="list.pdf"'


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "https://uploads.s3.amazonaws.com/a/b.webp"),
        ("?url=https://cdn.example.com", "https://cdn.example.com/a/b.webp"),
        ("?url=http://127.0.0.1:9000/uploads/", "http://127.0.0.1:9000/uploads/a/b.webp"),
        ("?endpoint=http://127.0.0.1:9000", "http://127.0.0.1:9000/uploads/a/b.webp"),
        ("?endpoint=https://s3.example.com/", "https://s3.example.com/uploads/a/b.webp"),
        (
            "?endpoint=https://s3.example.com&url=https://cdn.example.com",
            "https://cdn.example.com/a/b.webp",
        ),
    ],
)
def test_uploads_have_the_url_that_browsers_fetch_from(monkeypatch, query, expected):
    monkeypatch.setenv("STORAGE_URL", f"s3://key:secret@uploads{query}")
    options, url = env.storage("STORAGE_URL")
    assert buckets.BucketStorage(**options["OPTIONS"]).url("a/b.webp") == expected
    assert expected.startswith(url)


def test_browsers_keep_what_never_changes_and_no_private_file(service, storage, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", service.create_public_bucket("public"))
    options, url = env.storage("STORAGE_URL")
    public = buckets.BucketStorage(**options["OPTIONS"])
    assert url == f"{service.endpoint}/public/"
    for name, expected in {
        "news/0a1b.480.webp": "public, max-age=31536000, immutable",
        "datasheets/manual.pdf": "public, max-age=86400",
    }.items():
        public.save(name, ContentFile(b"one"))
        with urlopen(public.url(name)) as response:
            assert response.headers["Cache-Control"] == expected
            assert response.read() == b"one"
    storage.save("inquiries/list.pdf", ContentFile(b"one"))
    stored = service.client.head_object(Bucket="private", Key="inquiries/list.pdf")
    assert stored["CacheControl"] == "private, no-store"


@pytest.mark.parametrize(
    "private", [UPLOADS, UPLOADS.replace("uploads", "private") + "&url=https://cdn.example.com/"]
)
def test_private_files_need_a_bucket_that_nobody_reads(monkeypatch, private):
    monkeypatch.setenv("SECRET_KEY", "long-enough-for-a-test")
    monkeypatch.setenv("STORAGE_URL", UPLOADS)
    monkeypatch.setenv("PRIVATE_STORAGE_URL", private)
    with pytest.raises(ImproperlyConfigured, match=r"^PRIVATE_STORAGE_URL must .*\.$"):
        runpy.run_path("config/settings.py")
