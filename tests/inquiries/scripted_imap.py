"""An IMAP server that behaves like those of large providers, with their limitations."""

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from imaplib import Time2Internaldate
from types import TracebackType
from typing import BinaryIO, Self

COMMAND = re.compile(rb"(\S+) (?:UID )?(\S+) ?(.*)", re.IGNORECASE)


@dataclass
class Stored:
    uid: int
    content: bytes
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class ScriptedImapServer:
    """A server with one folder; any user name and password are accepted.

    - `requires_id`: as at NetEase, no folder is opened for programs without a name.
    - `flags_are_refused`: a folder without write access.
    - `hangs_up_at_flags`: the server closes the connection instead of setting a flag.
    - `refused`: UIDs of messages that the server cannot render, as Exchange has them.
    - `fatal`: UIDs of messages at which the server closes the connection.
    - `endless`: UIDs of messages whose second half the server sends byte by byte, `pause` seconds
      apart.

    SEARCH and keywords are always refused. As the standard allows, `9:*` includes the last message
    even if its UID is lower.
    """

    messages: list[Stored] = field(default_factory=list)
    uid_validity: int = 1
    requires_id: bool = False
    flags_are_refused: bool = False
    hangs_up_at_flags: bool = False
    refused: set[int] = field(default_factory=set)
    fatal: set[int] = field(default_factory=set)
    endless: set[int] = field(default_factory=set)
    pause: float = 3600.0
    flags: dict[int, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    is_stopping: threading.Event = field(default_factory=threading.Event)
    fetched: list[int] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.is_stopping.set()
        # Else the thread may accept a connection to the next server with the same descriptor.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()

    @property
    def url(self) -> str:
        return f"imap://sales%40example.com:secret@127.0.0.1:{self.socket.getsockname()[1]}"

    def add(self, content: object, received_at: datetime | None = None) -> int:
        """Deliver a message; returns its UID."""
        uid = max((message.uid for message in self.messages), default=0) + 1
        self.messages.append(Stored(uid, bytes(content), received_at or datetime.now(UTC)))
        return uid

    def renumber(self, first: int = 1) -> None:
        """Give all messages new UIDs, as after a restored backup."""
        self.uid_validity += 1
        for uid, message in enumerate(self.messages, first):
            message.uid = uid

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, suppress(OSError), connection.makefile("rwb") as stream:
                self._serve(stream)

    def _serve(self, stream: BinaryIO) -> None:
        stream.write(b"* OK ready\r\n")
        stream.flush()
        is_named = not self.requires_id
        while line := stream.readline().strip():
            tag, command, rest = COMMAND.match(line).groups()
            status = b"OK done"
            match command.upper():
                case b"CAPABILITY":
                    stream.write(b"* CAPABILITY IMAP4rev1 ID AUTH=PLAIN\r\n")
                case b"AUTHENTICATE":
                    stream.write(b"+ \r\n")
                    stream.flush()
                    stream.readline()
                case b"ID":
                    is_named = is_named or rest.startswith(b'("name" "')
                case b"SELECT" if not is_named:
                    status = b"NO SELECT Unsafe Login. Please contact us for help"
                case b"SELECT":
                    self.folders.append(rest.decode())
                    self._select(stream)
                case b"FETCH":
                    status = self._fetch(stream, rest, by_uid=b" UID FETCH " in line.upper())
                case b"STORE" if self.hangs_up_at_flags:
                    return
                case b"STORE" if self.flags_are_refused:
                    status = b"NO read-only"
                case b"STORE":
                    uid, _, flag = rest.decode().split(" ", 2)
                    self.flags[int(uid)] = flag
                case b"SEARCH":
                    status = b"BAD Command Argument Error. 11"
                case b"LOGOUT":
                    stream.write(b"* BYE\r\n")
            if status is None:
                return
            stream.write(tag + b" " + status + b"\r\n")
            stream.flush()

    def _select(self, stream: BinaryIO) -> None:
        next_uid = max((message.uid for message in self.messages), default=0) + 1
        stream.write(
            rb"* FLAGS (\Answered \Flagged \Deleted \Seen \Draft)" + b"\r\n"
            rb"* OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft)]" + b"\r\n"
            b"* %d EXISTS\r\n* OK [UIDVALIDITY %d]\r\n* OK [UIDNEXT %d]\r\n"
            % (len(self.messages), self.uid_validity, next_uid)
        )

    def _fetch(self, stream: BinaryIO, rest: bytes, by_uid: bool) -> bytes | None:
        chosen, _, items = rest.partition(b" ")
        first, _, last = chosen.decode().partition(":")
        for number, message in enumerate(self.messages, 1):
            place = message.uid if by_uid else number
            end = int(last or first) if last != "*" else max(place, int(first))
            is_last = last == "*" and number == len(self.messages)
            if not (int(first) <= place <= end or is_last):
                continue
            if b"BODY" not in items:
                date = Time2Internaldate(message.received_at).encode()
                row = b"* %d FETCH (RFC822.SIZE %d INTERNALDATE %s UID %d)\r\n"
                stream.write(row % (number, len(message.content), date, message.uid))
                continue
            self.fetched.append(message.uid)
            if message.uid in self.fatal:
                return None
            if message.uid in self.refused:
                return b"BAD Server Unavailable. 15"
            # Another message's flags may have changed in the meantime.
            stream.write(rb"* 1 FETCH (FLAGS (\Seen))" + b"\r\n")
            head = b"* %d FETCH (UID %d BODY[] {%d}\r\n"
            stream.write(head % (number, message.uid, len(message.content)))
            content = message.content
            if message.uid in self.endless:
                content = self._send_half(stream, content)
            stream.write(content + b")\r\n")
        return b"OK done"

    def _send_half(self, stream: BinaryIO, content: bytes) -> bytes:
        """Send the first half, and then single bytes until the server stops; returns the rest."""
        half = len(content) // 2
        stream.write(content[:half])
        for place in range(half, len(content)):
            stream.flush()
            if self.is_stopping.wait(self.pause):
                return content[place:]
            stream.write(content[place : place + 1])
        return b""
