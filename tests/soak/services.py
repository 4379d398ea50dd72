"""A PostgreSQL and a Redis of the soak's own, which can be stopped, killed and started again."""

import os
import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Self

import psycopg
import redis

from tests.smtp_server import free_port
from tests.waiting import wait_until


class Service(ABC):
    """A server on a free port, with its data in `folder`."""

    command: list[str | Path]
    options: dict[str, Any] = {}

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir()

    @abstractmethod
    def answers(self) -> bool: ...

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, stdout=log, stderr=log, **self.options
            )
        wait_until(self.answers, f"{type(self).__name__} answers")

    def stop(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.stop(signal.SIGINT)


class PostgreSql(Service):
    """A cluster with a database `tradepost`, with PostgreSQL's default settings."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        versions = Path("/usr/lib/postgresql").glob("*/bin")  # where Debian has them
        programs = max(versions, key=lambda path: float(path.parent.name))
        if os.geteuid() == 0:  # it refuses to run as root
            self.options = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        initdb = [programs / "initdb", f"--pgdata={data}", "--username=postgres", "--auth=trust"]
        subprocess.run(
            [*initdb, "--encoding=UTF8", "--locale=C.UTF-8"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **self.options,
        )
        listen = ["-h", "127.0.0.1", "-p", str(self.port), "-k", folder]
        self.command = [programs / "postgres", "-D", data, *listen]

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/tradepost"

    def connect(self) -> Any:
        server = self.url.replace("tradepost", "postgres")
        return psycopg.connect(server, autocommit=True, connect_timeout=2)

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def __enter__(self) -> Self:
        super().__enter__()
        with self.connect() as server:
            server.execute("CREATE DATABASE tradepost")
        return self


class Redis(Service):
    """As docs/operate.md recommends it: what it is told is written to a file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        listen = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", folder]
        self.command = ["redis-server", *listen, "--appendonly", "yes", "--save", ""]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
