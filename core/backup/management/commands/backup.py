"""`manage.py backup`: back up the database, the uploads and the private files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.backup import encryption
from core.backup.destination import archives
from core.backup.errors import BackupError
from core.backup.services import make_backup


class Command(BaseCommand):
    help = "Back up the site to BACKUP_URL in one archive, while it runs, and verify the archive."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-verify",
            action="store_true",
            help="do not restore the archive into a scratch database",
        )
        parser.add_argument("--list", action="store_true", help="list the archives only")

    def handle(self, *args: Any, no_verify: bool, **options: Any) -> None:
        if options["list"]:
            self.stdout.write("\n".join(archives()) or "There are no backups.")
            return
        try:
            backup = make_backup(verify=not no_verify)
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(backup.manifest.tables.values())
        self.stdout.write(
            f"{backup.name}: {rows} rows in {len(backup.manifest.tables)} tables,"
            f" {backup.manifest.files - 1} files."
        )
        if backup.is_verified:
            self.stdout.write("Restored into a scratch database, with the same numbers of rows.")
        elif not no_verify and encryption.suffix():
            self.stderr.write(
                "Not verified: this machine has no key to read it. Run `manage.py restore"
                f" --check {backup.name}` where the key is."
            )
        for name in backup.deleted:
            self.stdout.write(f"Deleted {name}.")
