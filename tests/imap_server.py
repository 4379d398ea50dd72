"""An IMAP server with one mailbox."""

import imaplib
import os
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.smtp_server import free_port

START_TIMEOUT = 20  # seconds


class ImapServer:
    """A real IMAP server with one account, in a process of its own on a free port.

    It starts empty, stores nothing on disk and has no TLS.
    """

    host = "127.0.0.1"
    user = "sales@example.com"
    password = "secret"

    def __enter__(self) -> Self:
        self.port = free_port()
        account = ["--demo-user", self.user, "--demo-password", self.password]
        listen = ["--host", self.host, "--port", str(self.port), "--no-tls"]
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("pymap"), *listen, "dict", *account],
            env=os.environ | {"FQDN": "localhost"},  # or its greeting would look up the host name
            stdout=subprocess.DEVNULL,
        )
        try:
            self._wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def _stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    @property
    def url(self) -> str:
        """The URL of the mailbox, as in the setting IMAP_URL."""
        user = self.user.replace("@", "%40")
        return f"imap://{user}:{self.password}@{self.host}:{self.port}"

    def connect(self) -> imaplib.IMAP4:
        """A logged-in connection, which is a context manager."""
        connection = imaplib.IMAP4(self.host, self.port)
        connection.login(self.user, self.password)
        return connection

    def add_message(
        self, message: EmailMessage | bytes, folder: str = "INBOX", flags: str = ""
    ) -> None:
        """Add a message, unread unless `flags` contain `\\Seen`."""
        with self.connect() as connection:
            answer, text = connection.append(folder, f"({flags})", None, bytes(message))
            assert answer == "OK", text

    def add_folder(self, name: str) -> None:
        with self.connect() as connection:
            answer, text = connection.create(name)
            assert answer == "OK", text

    def uids(self, criterion: str = "ALL", folder: str = "INBOX") -> list[str]:
        """The UIDs that an IMAP search such as `UNSEEN` finds in a folder."""
        with self.connect() as connection:
            connection.select(folder, readonly=True)
            _, [found] = connection.uid("SEARCH", criterion)
            return (found or b"").decode().split()
