"""`manage.py delete_unused_files`: delete the uploads that nothing refers to any more."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from core.storage import site_storages
from core.unused_files.models import UnusedFile
from core.unused_files.services import delete_unused_files, list_unused_files


class Command(BaseCommand):
    help = "Delete the files that nothing has referred to for UNUSED_FILE_RETENTION days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="only list the unused files, with the days when they will be deleted",
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if not settings.UNUSED_FILE_RETENTION:
            raise CommandError("UNUSED_FILE_RETENTION is 0: files are never deleted.")
        if dry_run:
            self._list()
            return
        run = delete_unused_files()
        self.stdout.write(
            f"Deleted {run.deleted} of {run.files} files ({filesizeformat(run.deleted_bytes)})."
            f" {run.unused} others are unused."
        )

    def _list(self) -> None:
        number = total = 0
        for file in list_unused_files():
            size = _size(file)
            number, total = number + 1, total + size
            day = file.unused_since + timedelta(days=settings.UNUSED_FILE_RETENTION)
            when = "now" if day <= timezone.now() else f"{day:%Y-%m-%d}"
            self.stdout.write(f"{when:10}  {filesizeformat(size):>10}  {file}")
        self.stdout.write(f"{number} unused files, {filesizeformat(total)}.")


def _size(file: UnusedFile) -> int:
    """The size in bytes; 0 if the file is gone, or the storage does not answer."""
    try:
        return int(site_storages()[file.storage].size(file.name))
    except OSError:
        return 0
