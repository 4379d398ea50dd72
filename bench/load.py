"""Measures throughput with several concurrent clients on this machine."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool

HOST = "127.0.0.1"
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PROCESSES = 2


def measure(port: int, path: str, connections: int = 8, seconds: float = 5.0) -> float:
    """Responses per second to `connections` clients that request `path` in a loop.

    Raises RuntimeError for any status but 200.
    """
    connections_each = connections // PROCESSES
    with Pool(PROCESSES) as pool:
        counts = pool.starmap(_run_clients, [(port, path, connections_each, seconds)] * PROCESSES)
    return sum(counts) / seconds


def _run_clients(port: int, path: str, connections: int, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    with ThreadPoolExecutor(connections) as threads:
        return sum(threads.map(lambda _: _request_until(deadline, port, path), range(connections)))


def _request_until(deadline: float, port: int, path: str) -> int:
    request = f"GET {path} HTTP/1.0\r\nHost: {HOST}\r\nUser-Agent: {USER_AGENT}\r\n\r\n".encode()
    count = 0
    while time.monotonic() < deadline:
        with socket.create_connection((HOST, port)) as connection:
            connection.sendall(request)
            response = connection.recv(65536)
            if b" 200 " not in response[:20]:
                raise RuntimeError(f"{path} returned {response[:60]!r}")
            while connection.recv(65536):
                pass
        count += 1
    return count
