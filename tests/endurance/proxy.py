"""A TCP connection to a database that can be cut and restored, as by a broken network."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Listens on a port of its own and forwards to another one until it is cut."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0  # any free one
        self.restore()

    def restore(self) -> None:
        """Accept connections."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def cut(self) -> None:
        """End all connections and refuse new ones."""
        for each in (*self.sockets, self.listener):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
                server = socket.create_connection(self.target)
            except OSError:
                return
            self.sockets += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
