"""Two machines of one site: the code in two folders, each with a server and a worker of its own.

They share a PostgreSQL database, a Redis database and an S3-compatible service, and nothing else.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection

from tests.endurance.processes import Process, database_url
from tests.endurance.visitors import HOST
from tests.object_storage import ObjectStorage
from tests.smtp_server import SmtpServer, free_port

LOCAL_FILES = (
    ".*",
    "__pycache__",
    "*.sqlite3*",
    "bench",
    "docs",
    "media",
    "private",
    "staticfiles",
)
START_TIMEOUT = 60  # seconds


class Machine(NamedTuple):
    """The processes of one machine."""

    folder: Path
    port: int
    server: Process
    worker: Process


class Site(NamedTuple):
    """Two machines, and the services that they share."""

    first: Machine
    second: Machine
    storage: ObjectStorage
    mail: SmtpServer

    @property
    def machines(self) -> tuple[Machine, Machine]:
        return self.first, self.second


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """A site on two machines with the content of this process's database."""
    with ExitStack() as services:
        storage = services.enter_context(ObjectStorage())
        mail = services.enter_context(SmtpServer())
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.endurance.settings",
            "DATABASE_URL": database_url(),
            "CACHE_URL": _empty_redis_database(),
            "STORAGE_URL": storage.create_public_bucket("uploads"),
            "PRIVATE_STORAGE_URL": storage.create_bucket("private"),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"http://{HOST}",
            "PROXY_COUNT": "1",
            "INQUIRY_RATE": "3/h",
            "WEB_WORKERS": "2",
        }
        first, second = (_machine(folder / name, environment) for name in ("first", "second"))
        for process in (first.server, second.server, first.worker, second.worker):
            services.enter_context(process)
        site = Site(first, second, storage, mail)
        for machine in site.machines:
            _wait_until_ready(machine)
        yield site


def _machine(folder: Path, shared: dict[str, str]) -> Machine:
    code = folder / "code"
    shutil.copytree(settings.BASE_DIR, code, ignore=shutil.ignore_patterns(*LOCAL_FILES))
    environment = shared | {"ENV_FILE": str(folder / ".env")}
    for variable in ("MEDIA_ROOT", "PRIVATE_ROOT", "STATIC_ROOT", "TMPDIR"):
        own = folder / variable.lower()
        own.mkdir()
        environment[variable] = str(own)
    port = free_port()
    return Machine(
        folder,
        port,
        Process(
            "python",
            "manage.py",
            "run_server",
            f"--port={port}",
            environment=environment,
            log=folder / "server.log",
            folder=code,
        ),
        Process(
            "python",
            "manage.py",
            "run_worker",
            environment=environment,
            log=folder / "worker.log",
            folder=code,
        ),
    )


def _empty_redis_database() -> str:
    """Another database than that of this process, which is emptied before each test."""
    parts = urlsplit(settings.CACHES["default"]["LOCATION"])
    number = (int(parts.path.strip("/") or 0) + 8) % 16
    url = parts._replace(path=f"/{number}").geturl()
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def _wait_until_ready(machine: Machine) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not _is_ready(machine):
        assert time.monotonic() < deadline, machine.server.log.read_text()
        time.sleep(0.1)


def _is_ready(machine: Machine) -> bool:
    client = HTTPConnection("127.0.0.1", machine.port, timeout=START_TIMEOUT)
    try:
        client.request("GET", "/readyz", headers={"Host": HOST})
        return client.getresponse().status == 200
    except OSError:
        return False
    finally:
        client.close()


@contextmanager
def own_database() -> Iterator[None]:
    """Use a new database, which no other test empties, for the time of the context."""
    database = connection.settings_dict
    earlier = database["NAME"]
    connection.close()
    connection.close_pool()
    with patch.dict(database["TEST"], {"NAME": f"{earlier}_machines"}):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(earlier, verbosity=0)
