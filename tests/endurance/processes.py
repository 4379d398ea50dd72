"""Starts and kills the processes of a site that uses the test database."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from django.conf import settings
from django.db import connection

HOST = "www.example.com"


class Process:
    """A command with all its child processes, which can be killed and restarted."""

    def __init__(
        self,
        *command: str,
        environment: dict[str, str],
        log: Path,
        folder: Path = settings.BASE_DIR,
    ) -> None:
        program, *arguments = command
        self.command = [Path(sys.executable).with_name(program), *arguments]
        self.environment = environment
        self.log = log
        self.folder = folder
        self.kills = 0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self) -> None:
        with suppress(ProcessLookupError):  # it has already ended
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill(self) -> None:
        """Kill it without any cleanup, as the kernel does when memory runs out, and restart it."""
        assert self.process.poll() is None, self.log.read_text()
        self.end()
        self.kills += 1
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()


def environment(mail_port: int) -> dict[str, str]:
    """The environment variables of a site behind one reverse proxy."""
    cache = settings.CACHES["default"]["LOCATION"]
    return {
        "DJANGO_SETTINGS_MODULE": "tests.endurance.settings",
        "DATABASE_URL": database_url(),
        "CACHE_URL": cache if cache.startswith("redis://") else "",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}",
        "PROXY_COUNT": "1",
        "INQUIRY_RATE": "0/h",
        "ACKNOWLEDGEMENT_RATE": "0/h",
        "WEB_WORKERS": "2",
        "SECURE_SSL_REDIRECT": "on",
        "SESSION_COOKIE_SECURE": "on",
        "CSRF_COOKIE_SECURE": "on",
    }


def database_url() -> str:
    """The test database as a DATABASE_URL."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    credentials = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return f"postgres://{credentials}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
