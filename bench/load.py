"""Many clients at once, on this machine alone."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool

HOST = "127.0.0.1"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PROCESSES = 2


def measure(port: int, path: str, connections: int = 8, seconds: float = 5.0) -> float:
    """Answers per second to `connections` clients that ask for `path` without a pause.

    Raises RuntimeError for any answer but 200.
    """
    share = connections // PROCESSES
    with Pool(PROCESSES) as pool:
        counts = pool.starmap(_clients, [(port, path, share, seconds)] * PROCESSES)
    return sum(counts) / seconds


def _clients(port: int, path: str, connections: int, seconds: float) -> int:
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(connections) as threads:
        return sum(threads.map(lambda _: _ask_until(end, port, path), range(connections)))


def _ask_until(end: float, port: int, path: str) -> int:
    request = f"GET {path} HTTP/1.0\r\nHost: {HOST}\r\nUser-Agent: {AGENT}\r\n\r\n".encode()
    count = 0
    while time.monotonic() < end:
        with socket.create_connection((HOST, port)) as connection:
            connection.sendall(request)
            answer = connection.recv(65536)
            if b" 200 " not in answer[:20]:
                raise RuntimeError(f"{path} was answered with {answer[:60]!r}")
            while connection.recv(65536):
                pass
        count += 1
    return count
