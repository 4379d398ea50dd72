"""The lines of the log: see LOGGING in the settings."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from core.current_request import current_request, known_user_id, loggable_path


class TextFormatter(logging.Formatter):
    """A line of text with the id of the request, or `-` without one."""

    def format(self, record: logging.LogRecord) -> str:
        request = _request_of(record)
        record.request_id = getattr(request, "id", "-")
        return _hide_token(super().format(record), request)


class JsonFormatter(logging.Formatter):
    """A line of JSON with the request that a record belongs to, and its exception."""

    def format(self, record: logging.LogRecord) -> str:
        request = _request_of(record)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _hide_token(record.getMessage(), request),
        }
        if request:
            line |= {
                "request_id": getattr(request, "id", None),
                "method": request.method,
                "path": loggable_path(request),
                "user_id": known_user_id(request),
            }
        for name in ("status", "duration_ms"):  # of a request that Django has answered
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info:
            line["exception"] = _hide_token(self.formatException(record.exc_info), request)
        return json.dumps(line)


def _request_of(record: logging.LogRecord) -> HttpRequest | None:
    """The request that Django names in a record, else that of this thread."""
    request = getattr(record, "request", None)
    return request if isinstance(request, HttpRequest) else current_request.get()


def _hide_token(text: str, request: HttpRequest | None) -> str:
    """`text` without the token in the URL of the request."""
    return text.replace(request.path, loggable_path(request)) if request else text
