"""Connections whose client has vanished."""

import os
import socket
import threading
from contextlib import suppress

MAX_SILENCE = 120  # seconds without an answer from the client's machine, or without reading


_first_call = threading.Lock()  # never released


def drop_dead_connections() -> None:
    """Let the kernel close connections whose client has vanished, or reads nothing for two minutes.

    Otherwise each would keep a thread for ever, since the server sets no such limit. Connections
    that are accepted later take the options of the listening socket, so only the first call does
    something. On other systems than Linux nothing is done.
    """
    if not _first_call.acquire(blocking=False):
        return
    options = {
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
        (socket.IPPROTO_TCP, getattr(socket, "TCP_KEEPIDLE", 0)): MAX_SILENCE // 2,
        (socket.IPPROTO_TCP, getattr(socket, "TCP_KEEPINTVL", 0)): MAX_SILENCE // 6,
        (socket.IPPROTO_TCP, getattr(socket, "TCP_USER_TIMEOUT", 0)): MAX_SILENCE * 1000,
    }
    with suppress(OSError):
        for name in os.listdir("/proc/self/fd"):
            with (
                suppress(OSError),
                socket.fromfd(int(name), socket.AF_INET, socket.SOCK_STREAM) as candidate,
            ):
                if candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    for (level, option), value in options.items():
                        candidate.setsockopt(level, option, value)
