"""`manage.py upgrade`: what is to be done after new code was installed."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from core.page_cache.versions import EVERY_PAGE, mark_changed
from core.pending_migrations import find_pending_migrations

ROLL_BACK = (
    "To go back: install the earlier version again, run `collectstatic`, and restart. It works with"
    " the database as it is now; docs/operate.md says when a backup has to be restored."
)


class Command(BaseCommand):
    help = "Check the settings, back up, migrate, collect static files, and renew all pages."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-backup", action="store_true", help="if you have a backup")

    def handle(self, *args: Any, no_backup: bool, **options: Any) -> None:
        self._step("Checking the settings")
        call_command("check", deploy=True)
        if not no_backup and _has_tables():
            self._step("Backing up")
            call_command("backup", stdout=self.stdout, stderr=self.stderr)
        self._step("Migrating the database")
        call_command("migrate", interactive=False, verbosity=0)
        self._step("Collecting the static files")
        call_command("collectstatic", interactive=False, verbosity=0)
        self._step("Renewing all pages")
        mark_changed(EVERY_PAGE)
        if missing := find_pending_migrations():
            raise CommandError(f"The database still lacks the migration {missing[0]}.")
        self.stdout.write("The upgrade is complete. Restart the web server and the worker now.")
        self.stdout.write(ROLL_BACK)

    def _step(self, what: str) -> None:
        self.stdout.write(f"{what} …")
        self.stdout.flush()


def _has_tables() -> bool:
    """Whether this is an upgrade; a new database has nothing to back up."""
    return "django_migrations" in connection.introspection.table_names()
