"""`manage.py copy_database --to postgres://…`: move the site to another database."""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, models

from config import env
from core.backup.services import has_rows
from core.copy_database import CopyError, copy_rows
from core.pending_migrations import find_pending_migrations
from core.worker.lock import worker_lock

TARGET = "copy"  # the alias of the other database
VARIABLE = "DATABASE_URL"


class Command(BaseCommand):
    help = (
        "Copy all rows of the site to another, empty database, from SQLite to PostgreSQL or back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            required=True,
            metavar="URL",
            help="postgres://user:password@host:5432/name or sqlite:////path/db.sqlite3",
        )

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        with worker_lock() as lock:
            if not lock.acquire():
                raise CommandError("Stop the web server and the worker first.")
            if missing := find_pending_migrations():
                raise CommandError(f"Run `migrate` first: the site lacks {missing[0]}.")
            _connect(to)
            self._manage(to, "migrate", "--verbosity=0")
            if has_rows(TARGET):
                raise CommandError("The other database has content. Name an empty one.")
            try:
                total = copy_rows(TARGET, self._report)
            except CopyError as error:
                raise CommandError(f"Nothing was copied: {error}") from error
        connections[TARGET].close()
        self.stdout.write("Building the search index …")
        self._manage(to, "rebuild_search")
        self.stdout.write(f"{total} rows were copied; all numbers of rows and sequences agree.")
        self.stdout.write(f"Set {VARIABLE} to the new database and start the site.")

    def _report(self, model: type[models.Model], rows: int) -> None:
        if rows:
            self.stdout.write(f"{model._meta.label}: {rows}")

    def _manage(self, to: str, *command: str) -> None:
        """Run a command with the other database as that of the site."""
        result = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=os.environ | {VARIABLE: to, "DATABASE_REPLICA_URL": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            reason = result.stderr.strip().rpartition("\n")[2]
            raise CommandError(f"`{command[0]}` failed in the other database: {reason}")


def _connect(url: str) -> None:
    """Add the database of `url` as TARGET. Raises CommandError."""
    try:
        config = env.database("--to", url)
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error
    config["OPTIONS"].pop("pool", None)
    connections.databases[TARGET] = connections.configure_settings(
        connections.databases | {TARGET: config}
    )[TARGET]
