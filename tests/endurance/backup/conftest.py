"""A migrated site with some content, copied for each test."""

import shutil
from collections.abc import Iterator

import pytest

from tests.endurance.backup.site import Site, new_database

CONTENT = """
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from core.storage import private_storage
from django.core.files.storage import default_storage
from tests.factories import make_article, make_contact, make_inquiry, make_product
User.objects.create_superuser("admin", "admin@example.com", "secret")
make_contact(name="July")
for number in range(20):
    make_article(title=f"Article {number} 挖掘机 حفارة", body="<p>Text</p>")
    make_product(name=f"Crusher {number}")
    make_inquiry(email=f"buyer{number}@example.com")
default_storage.save("news/picture.webp", ContentFile(bytes(range(256)) * 100))
default_storage.save("news/挖掘机.webp", ContentFile(b"picture"))
private_storage().save("inquiries/drawing", ContentFile(b"secret" * 1000))
"""


@pytest.fixture(scope="package")
def filled_site(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock(), new_database(folder) as url:
        site = Site(folder, url)
        site.run("migrate", "--verbosity=0")
        site.python(CONTENT)
        if url.startswith("sqlite"):  # the copies are of the file alone
            site.python(
                "from django.db import connection\n"
                "connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')"
            )
        yield site


@pytest.fixture
def site(filled_site, tmp_path, django_db_blocker) -> Iterator[Site]:
    """A copy of the site with content."""
    with (
        django_db_blocker.unblock(),
        new_database(tmp_path, template=filled_site.database_url) as url,
    ):
        for name in ("media", "private"):
            shutil.copytree(filled_site.folder / name, tmp_path / name)
        site = Site(tmp_path, url)
        yield site
        site.end()
