"""`manage.py restore`: restore the site from a backup."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.backup.destination import archives
from core.backup.errors import BackupError
from core.backup.services import check_archive, restore_backup
from core.pending_migrations import find_pending_migrations


class Command(BaseCommand):
    help = "Restore the database, the uploads and the private files from a backup."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "archive",
            nargs="?",
            help="a name that `backup --list` shows, or the path of a file; default: the newest",
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="replace the content of a site that has some"
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="only read the archive and restore its database into a scratch one",
        )

    def handle(
        self, *args: Any, archive: str | None, overwrite: bool, check: bool, **options: Any
    ) -> None:
        name = archive or next(reversed(archives()), "")
        if not name:
            raise CommandError("There are no backups at BACKUP_URL.")
        try:
            manifest = check_archive(name) if check else restore_backup(name, overwrite=overwrite)
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.tables.values())
        what = f"{name} of {manifest.created_at}: {rows} rows and {manifest.files - 1} files"
        if check:
            self.stdout.write(f"{what}. The archive is complete and can be restored.")
            return
        self.stdout.write(f"Restored {what}.")
        if overwrite:
            self.stdout.write(
                "Files that are not in the archive are still there. The worker deletes those that"
                " nothing refers to, after a while."
            )
        if find_pending_migrations():
            self.stdout.write("It is from an earlier version: run `manage.py upgrade` now.")
