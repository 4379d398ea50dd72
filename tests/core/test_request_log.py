"""Each request has an id, which is in its response, its lines in the log and its SQL."""

import json
import logging
import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config import env
from core.current_request import current_request, loggable_path
from core.logs import JsonFormatter, TextFormatter
from core.middleware import CurrentRequestMiddleware
from core.prepared_queries import prepared
from news.models import Category
from tests.factories import make_article, make_inquiry, make_user

pytestmark = pytest.mark.django_db

FROM_PROXY = "0123456789abcdef0123456789abcdef"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL shows the statements of others"
)


class Lines(logging.Handler):
    """The lines of the log as they would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))

    @property
    def parsed(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written]

    def of(self, logger: str) -> dict[str, Any]:
        [line] = [line for line in self.parsed if line["logger"] == logger]
        return line


@pytest.fixture
def lines():
    """All lines as JSON, those of requests too."""
    handler = Lines()
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(), logging.getLogger("django")]
    requests = logging.getLogger("core.middleware")
    for logger in loggers:
        logger.addHandler(handler)
    before = requests.level
    requests.setLevel(logging.INFO)
    yield handler
    requests.setLevel(before)
    for logger in loggers:
        logger.removeHandler(handler)


def respond(view: Any, **headers: str) -> HttpResponse:
    """The response of a view behind the middleware alone."""
    return CurrentRequestMiddleware(view)(RequestFactory().get("/", headers=headers))


class TestId:
    def test_the_id_of_the_proxy_is_returned(self, client, settings):
        settings.PROXY_COUNT = 1
        response = client.get("/healthz", headers={"X-Request-ID": FROM_PROXY})
        assert response.headers["X-Request-ID"] == FROM_PROXY

    @pytest.mark.parametrize(
        "sent", ["", "short", "a" * 65, "*/ DROP TABLE", "a\nb: 12345678", "é" * 9]
    )
    def test_another_text_is_replaced(self, client, settings, sent):
        settings.PROXY_COUNT = 1
        headers = {"X-Request-ID": sent} if sent else {}
        first, second = (client.get("/healthz", headers=headers) for _ in range(2))
        ids = {first.headers["X-Request-ID"], second.headers["X-Request-ID"]}
        assert len(ids) == 2
        assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)

    def test_visitors_cannot_choose_it_where_there_is_no_proxy(self, client):
        response = client.get("/healthz", headers={"X-Request-ID": FROM_PROXY})
        assert response.headers["X-Request-ID"] != FROM_PROXY

    @pytest.mark.parametrize("path", ["/missing/", "/admin/", "/static/missing.css", "//"])
    def test_every_response_of_django_has_one(self, client, path):
        assert client.get(path).headers["X-Request-ID"]

    def test_it_ends_with_the_request(self):
        seen = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(current_request.get())
            return HttpResponse()

        respond(view)
        assert seen[0].id
        assert current_request.get() is None

    def test_sentry_gets_it(self, settings, monkeypatch):
        tags = {}
        monkeypatch.setattr("sentry_sdk.set_tag", tags.__setitem__)
        settings.SENTRY_DSN = "https://key@sentry.example.com/1"
        response = respond(lambda request: HttpResponse())
        assert tags == {"request_id": response.headers["X-Request-ID"]}


class TestJson:
    def test_a_line_of_a_request_says_who_asked_for_what_and_how_long_it_took(self, as_user, lines):
        user = make_user("Editors")
        response = as_user(user).get("/admin/?secret=1")
        line = lines.of("core.middleware")
        assert line["request_id"] == response.headers["X-Request-ID"]
        assert (line["method"], line["path"], line["status"]) == ("GET", "/admin/", 200)
        assert line["user_id"] == user.pk
        assert 0 < line["duration_ms"] < 60_000
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
        assert (line["level"], line["message"]) == ("INFO", "GET /admin/")
        assert "secret" not in "".join(lines.written)

    def test_an_error_has_its_exception_and_request(self, client, lines, monkeypatch):
        client.raise_request_exception = False

        def fail(*args: object) -> None:
            raise RuntimeError("broken\nin two lines")

        monkeypatch.setattr("core.operations.views._has_key", fail)
        response = client.get("/readyz")
        line = lines.of("django.request")
        assert "RuntimeError: broken\nin two lines" in line["exception"]
        assert line["request_id"] == response.headers["X-Request-ID"]
        assert lines.of("core.middleware")["status"] == 500
        assert not any("\n" in each for each in lines.written)

    def test_a_line_of_a_view_has_the_request_and_one_of_the_worker_has_none(self, lines):
        def view(request: HttpRequest) -> HttpResponse:
            logging.getLogger("news").warning("A %s", "warning")
            return HttpResponse()

        response = respond(view)
        logging.getLogger("worker").warning("Tired")
        assert lines.of("news")["request_id"] == response.headers["X-Request-ID"]
        assert lines.of("news")["message"] == "A warning"
        assert lines.of("worker").keys() == {"time", "level", "logger", "message"}

    def test_a_logged_session_error_does_not_read_the_session_again(self, client, lines):
        session = client.session
        session["x"] = 1
        session.save()
        type(session).get_model_class().objects.update(session_data="broken")
        assert client.get("/admin/login/").status_code == 200
        assert lines.of("core.middleware")["user_id"] is None

    @pytest.mark.parametrize("tampered", [False, True])
    def test_tokens_of_urls_are_hidden(self, client, lines, tampered):
        url = make_inquiry().status_url.removeprefix(django_settings.SITE_URL)
        token = url.rstrip("/").rpartition("/")[2]
        if tampered:
            url = url.replace(token, token := token[:-1] + "-")
        client.get(url)
        text = "".join(lines.written)
        assert token not in text
        assert lines.of("core.middleware")["path"] == "/inquiry/status/[token]/"
        assert ("Not Found: /inquiry/status/[token]/" in text) is tampered

    @pytest.mark.parametrize(
        ("path", "shown"),
        [("/inquiry/status/abc/", "/inquiry/status/[token]/"), ("/nothing/", "/nothing/")],
    )
    def test_tokens_are_hidden_before_the_view_is_known(self, path, shown):
        """A database that is away fails in the middleware."""
        assert loggable_path(RequestFactory().get(path)) == shown


class TestText:
    def test_a_line_has_the_id(self, client):
        handler = Lines()
        config = dict(django_settings.LOGGING["formatters"]["text"])
        assert config.pop("class") == "core.logs.TextFormatter"
        handler.setFormatter(TextFormatter(config["format"], style=config["style"]))
        logging.getLogger("django").addHandler(handler)
        response = client.get("/missing/")
        logging.getLogger("django").removeHandler(handler)
        [line] = handler.written
        assert line.endswith(
            f"WARNING django.request [{response.headers['X-Request-ID']}]: Not Found: /missing/"
        )


def test_the_format_is_one_of_two(monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT must be `json` or `text`"):
        env.choice("LOG_FORMAT", "text", {"text", "json"})


@on_postgresql
class TestSql:
    def test_a_statement_names_its_request(self):
        def view(request: HttpRequest) -> HttpResponse:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_query(), %s", ["100%"])
                return HttpResponse(cursor.fetchone()[0])

        response = respond(view)
        comment = f"/* request_id={response.headers['X-Request-ID']} */"
        assert response.content.decode().endswith(comment)
        assert comment not in view(None).content.decode()

    def test_rows_are_read_in_chunks_and_many_are_written_at_once(self):
        names = [f"Category {number}" for number in range(5)]

        def view(request: HttpRequest) -> HttpResponse:
            with transaction.atomic():
                Category.objects.bulk_create(Category(name=name, slug=name) for name in names)
            with connection.cursor() as cursor:
                cursor.executemany(
                    "UPDATE news_category SET slug = %s WHERE name = %s",
                    [(f"100%{name}", name) for name in names],
                )
            rows = Category.objects.order_by("pk").iterator(chunk_size=2)
            return HttpResponse(",".join(row.slug for row in rows))

        assert respond(view).text == ",".join(f"100%{name}" for name in names)

    def test_prepared_statements_are_still_prepared_once(self):
        make_article(category=Category.objects.create(name="Plants", slug="plants"))

        @prepared(slug=models.SlugField())
        def find(slug: Any) -> Any:
            return Category.objects.filter(slug=slug)

        def view(request: HttpRequest) -> HttpResponse:
            for _ in range(10):
                list(find(slug="plants"))
            return HttpResponse()

        for _ in range(3):
            respond(view)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s",
                ["%news_category%slug%"],
            )
            [[statement]] = cursor.fetchall()
        assert "request_id" not in statement
