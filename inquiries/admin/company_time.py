"""Pages in the company's time zone, in which deadlines are computed."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from contacts.models import Company

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def in_company_time(view: Callable[P, R]) -> Callable[P, R]:
    """A decorator that runs and renders a view in the company's time zone."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with timezone.override(Company.get_solo().zone):
            response = view(*args, **kwargs)
            if isinstance(response, TemplateResponse):
                response.render()
            return response

    return wrapped
