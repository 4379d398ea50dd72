"""Public pages that are shown to staff before they are saved."""

from copy import copy
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest


def public_visit(request: HttpRequest, path: str) -> Any:
    """A copy of the request of a member of staff, as if a visitor had opened `path`."""
    visit: Any = copy(request)
    visit.method, visit.user = "GET", AnonymousUser()
    visit.path = visit.path_info = path
    return visit
