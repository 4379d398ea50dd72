"""A server that speaks the protocol of ClamAV's daemon, and finds EICAR's test file."""

import socketserver
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# Not in one piece, so that no scanner takes this file for the test file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class ClamdServer:
    """Answers PING and INSTREAM, over TCP or at a Unix socket at `path`, in threads of its own.

    While `hangs` is set it does not answer at all. `answer` replaces what it says of a file.
    Of a file of more than `max_size` bytes it reads no more, as clamd with its StreamMaxLength.
    """

    max_size = 25 * 1024 * 1024

    def __init__(self, path: Path | None = None) -> None:
        self.scanned: list[bytes] = []
        self.hangs = False
        self.answer = ""
        self.released = threading.Event()
        clamd = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                if clamd.hangs:
                    clamd.released.wait(60)
                    return
                clamd.respond(self.rfile, self.wfile)

        if path:
            self.server: Any = socketserver.ThreadingUnixStreamServer(str(path), Handler)
            self.url = f"unix://{path}"
        else:
            self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
            self.url = f"tcp://127.0.0.1:{self.server.server_address[1]}"
        self.server.daemon_threads = True

    def respond(self, rfile: Any, wfile: Any) -> None:
        command = rfile.readline()
        if command == b"nPING\n":
            wfile.write(b"PONG\n")
            return
        assert command == b"nINSTREAM\n"
        content = b""
        while size := struct.unpack("!L", rfile.read(4))[0]:
            content += rfile.read(size)
            if len(content) > self.max_size:
                wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
                return
        self.scanned.append(content)
        found = "Eicar-Test-Signature FOUND" if EICAR in content else "OK"
        wfile.write(f"stream: {self.answer or found}\n".encode())

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
