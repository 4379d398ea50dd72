"""A mail server that fails in every way that a mail server can."""

import asyncio
from collections import Counter
from typing import Any

from tests.smtp_server import SmtpServer


class FailingMailServer(SmtpServer):
    """Stores every message; `fault` is one of FAULTS, or empty while it works."""

    FAULTS = ("refuses", "has no permission", "hangs", "ends the connection", "answers half")
    fault = ""

    def __init__(self) -> None:
        super().__init__()
        self.unconfirmed = 0  # messages that were stored, but not acknowledged

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        fault = self.fault
        if fault == "refuses":
            return "451 Try again later"
        if fault == "has no permission":
            return "550 5.7.1 Relaying denied"
        if fault == "hangs":
            while self.fault == fault:
                await asyncio.sleep(0.1)
            return "421 Too late"
        if fault == "ends the connection":
            server.transport.close()
            return "421 Gone"
        answer = await super().handle_DATA(server, session, envelope)
        if fault == "answers half":
            self.unconfirmed += 1
            server.transport.write(b"250-Received\r\n")
            server.transport.close()
        return answer

    @property
    def deliveries(self) -> Counter[str]:
        """How often each message arrived, by its Message-ID."""
        return Counter(message["Message-ID"] for _addresses, message in self.messages)
