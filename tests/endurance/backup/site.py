"""A site of its own for each test of a backup: a database, two folders and the processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection

from tests.endurance.processes import database_url

PASSPHRASE = "correct horse battery staple"


@dataclass
class Site:
    """Runs `manage.py` with the settings of a new site in `folder`."""

    folder: Path
    database_url: str
    variables: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.endurance.settings",
            "DATABASE_URL": self.database_url,
            "CACHE_URL": "",
            "MEDIA_ROOT": str(self.folder / "media"),
            "PRIVATE_ROOT": str(self.folder / "private"),
            "BACKUP_URL": str(self.folder / "backups"),
            **self.variables,
        }

    def manage(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, *arguments: str, **variables: str) -> str:
        """The output of a command that must succeed."""
        result = self.manage(*arguments, **variables)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def start(self, script: str) -> subprocess.Popen[str]:
        """Start a Python script in this site; `end` kills it."""
        process = subprocess.Popen(
            [sys.executable, "-c", f"import django; django.setup()\n{script}"],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            process.kill()
            process.wait()

    def python(self, script: str) -> str:
        """What a Python script in this site prints."""
        process = self.start(script)
        output, _errors = process.communicate()
        assert process.returncode == 0
        return output

    def archives(self) -> list[Path]:
        return sorted((self.folder / "backups").glob("*.tar.gz*"))

    def files(self) -> dict[str, bytes]:
        """The content of all files by their paths."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for root in ("media", "private")
            for path in (self.folder / root).rglob("*")
            if path.is_file()
        }

    def destroy_files(self) -> None:
        for name in self.files():
            (self.folder / name).unlink()


@contextmanager
def new_database(folder: Path, template: str = "") -> Iterator[str]:
    """The URL of a new database of the kind that the tests run on: empty, or a copy of another."""
    if connection.vendor == "sqlite":
        path = folder / "db.sqlite3"
        if template:
            path.write_bytes(Path(template.removeprefix("sqlite:///")).read_bytes())
        yield f"sqlite:///{path}"
        return
    name = f"backup_{uuid4().hex[:12]}"
    with _server() as server:
        source = template.rpartition("/")[2] or "template1"
        server.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
    try:
        yield f"{database_url().rpartition('/')[0]}/{name}"
    finally:
        with _server() as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def _server() -> Iterator[Any]:
    parts = connection.settings_dict
    with psycopg.connect(
        host=parts["HOST"],
        port=parts["PORT"],
        user=parts["USER"],
        password=parts["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as server:
        yield server
