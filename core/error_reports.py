"""What Sentry learns of an error: see SENTRY_DSN in the settings."""

from typing import Any

from django.conf import settings

from core.current_request import current_request, loggable_path


def remove_private_data(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """The event with no more of its request than the method and the URL, without its token."""
    event.pop("request", None)
    if request := current_request.get():
        url = f"{settings.SITE_URL}{loggable_path(request)}"
        event["request"] = {"method": request.method, "url": url}
    return event


OPTIONS: dict[str, Any] = {
    "before_send": remove_private_data,
    "include_local_variables": False,  # they contain what visitors typed
    "max_breadcrumbs": 0,  # so do the lines of the log before the error
    "max_request_body_size": "never",
}
