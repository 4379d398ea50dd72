"""An SMTP server that stores what it receives."""

import logging
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from django.core.management import call_command

logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would log every command


def free_port() -> int:
    """An unused port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class SmtpServer:
    """Stores every message, in a thread of its own on a free port.

    While `refuses` is set it answers with a temporary error.
    """

    host = "127.0.0.1"
    refuses = False

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], EmailMessage]] = []
        self.port = free_port()
        self.server = Controller(self, hostname=self.host, port=self.port)

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return "451 Try again later"
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append((envelope.rcpt_tos, message))
        return "250 OK"

    def received_by(self, email: str, subject: str) -> EmailMessage:
        """Run the worker; return the only message to `email` with `subject` in its subject."""
        call_command("run_worker", once=True)
        [message] = [m for to, m in self.messages if email in to and subject in m["Subject"]]
        return message
