"""The drill: fill a site, back it up while it is written to, destroy it, restore it, compare."""

import json
import re
import sqlite3
import subprocess
import tarfile

import pytest

from tests.endurance.backup.site import PASSPHRASE, new_database

WRITER = """
import sys
from django.core.files.base import ContentFile
from core.storage import private_storage
from core.uploads.models import StoredUpload
from django.utils import timezone
number = 0
while True:
    StoredUpload.objects.create(
        scope="drill", name=str(number), size=1, expires_at=timezone.now(),
        file=ContentFile(str(number).encode(), name="x"),
    )
    print(number, flush=True)
    number += 1
"""
HOLD_LOCK = """
import time
from core.worker.lock import worker_lock
lock = worker_lock()
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""
# One line for each row of the site.
ROWS = """
from django.apps import apps
for model in sorted(apps.get_models(include_auto_created=True), key=lambda m: m._meta.label):
    if model._meta.label == "page_cache.ContentChange":
        continue
    for row in model._base_manager.order_by("pk").values_list():
        print(model._meta.label, row)
"""
UPLOADS = """
from core.uploads.models import StoredUpload
for upload in StoredUpload.objects.order_by("pk"):
    with upload.file.open() as file:
        print(upload.name, file.read().decode())
"""


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_nothing_is_lost(site, passphrase):
    site.variables["BACKUP_PASSPHRASE"] = passphrase
    writer = site.start(WRITER)
    assert writer.stdout
    assert writer.stdout.readline() == "0\n"
    output = site.run("backup")
    writer.kill()
    written = [0, *map(int, writer.stdout.read().split())]
    assert "with the same numbers of rows" in output

    rows = site.python(ROWS).splitlines()
    files = site.files()
    site.destroy_files()
    assert site.run("restore", "--overwrite").startswith("Restored")

    uploads = [line.split() for line in site.python(UPLOADS).splitlines()]
    assert len(written) > 2, "it was written to meanwhile"
    assert 1 <= len(uploads) <= len(written)
    assert uploads == [[str(n), str(n)] for n in range(len(uploads))], "each row with its file"
    restored = set(site.python(ROWS).splitlines())
    of_writer_rows = ("uploads.StoredUpload ", "backup.BackupRun ")
    before = {row for row in rows if not row.startswith(of_writer_rows)}
    assert before <= restored
    assert len(before) > 300
    of_writer = re.compile("/uploads/|/.incomplete-")
    kept = {name: content for name, content in files.items() if not of_writer.search(name)}
    assert len(kept) >= 3
    assert kept.items() <= site.files().items()


def test_a_new_machine_needs_only_the_archive_and_the_passphrase(site, tmp_path):
    site.variables["BACKUP_PASSPHRASE"] = PASSPHRASE
    site.run("backup")
    rows, files = site.python(ROWS), site.files()
    (other := tmp_path / "other").mkdir()
    with new_database(other) as url:
        site.folder, site.database_url = other, url
        archive = next((tmp_path / "backups").iterdir())
        site.run("restore", str(archive))
        restored = site.python(ROWS)
        assert site.files() == files
    log = "backup.BackupRun "
    assert [row for row in restored.splitlines() if not row.startswith(log)] == [
        row for row in rows.splitlines() if not row.startswith(log)
    ]


def test_a_backup_that_cannot_or_must_not_be_restored_changes_nothing(site):
    site.variables["BACKUP_PASSPHRASE"] = PASSPHRASE
    site.run("backup", "--no-verify")
    [archive] = site.archives()
    rows, files = site.python(ROWS), site.files()

    def refusal(*options: str, **variables: str) -> str:
        result = site.manage("restore", *options, **variables)
        assert result.returncode == 1
        return result.stderr

    assert "The site has content. Replace it with --overwrite." in refusal()
    wrong = refusal("--overwrite", BACKUP_PASSPHRASE="another one of many letters")
    assert "gpg failed: gpg: decryption failed" in wrong
    holder = site.start(HOLD_LOCK)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    assert "Stop the web server and the worker first." in refusal("--overwrite")
    holder.kill()
    content = bytearray(archive.read_bytes())
    archive.write_bytes(content[: len(content) // 2])
    assert "gpg failed" in refusal("--overwrite")
    assert (site.python(ROWS), site.files()) == (rows, files)


def test_the_archive_can_be_read_without_this_software(site):
    site.run("backup", "--no-verify")
    [archive] = site.archives()
    folder = site.folder / "by-hand"
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["tables"]["news_article"] == 20
    assert ["news", "0001_initial"] in manifest["migrations"]
    check = subprocess.run(
        ["/usr/bin/sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=False
    )
    assert check.returncode == 0
    if manifest["vendor"] == "sqlite":
        [[count]] = sqlite3.connect(folder / "database.sqlite3").execute(
            "SELECT COUNT(*) FROM news_article"
        )
        assert count == 20
