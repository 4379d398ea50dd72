"""The memory of a server process after many requests."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.endurance.web_server import running_server
from tests.factories import BROWSER, make_article, make_product

REQUESTS = 5_000  # counted twice: the first time, caches are filled
CLIENTS = 8
# Megabytes, with what the processes share divided among them, and with all of it.
MAX_MEMORY, MAX_RESIDENT_MEMORY = 90, 110


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_process_stays_small_and_does_not_grow_with_the_number_of_requests(tmp_path):
    articles = [make_article(title=f"Crusher {number}").slug for number in range(50)]
    products = [make_product(name=f"Crusher {number}").slug for number in range(50)]
    pages = [
        *("/", "/news/", "/products/", "/contacts/", "/search/?q=crusher", "/news/feed/"),
        *("/zh-hans/", "/ar/news/", "/inquiry/", "/sitemap.xml", "/missing/", "/admin/login/"),
        *(f"/news/{slug}/" for slug in articles),
        *(f"/products/{slug}/" for slug in products),
    ]

    def browse(client: int) -> None:
        for number in range(client, REQUESTS, CLIENTS):
            path = pages[number % len(pages)]
            status = server.send("GET", path, User_Agent=BROWSER).status
            assert status == (404 if path == "/missing/" else 200), f"{status} for {path}"

    with running_server(tmp_path) as server, ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(browse, range(CLIENTS)))
        first = server.memory()
        list(clients.map(browse, range(CLIENTS)))
        assert server.proportional_memory() <= MAX_MEMORY
        assert server.memory() <= MAX_RESIDENT_MEMORY
        assert server.memory() <= 1.1 * first
