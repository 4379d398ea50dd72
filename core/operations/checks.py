"""What `manage.py check --deploy` says about steps of the set-up that were forgotten."""

from typing import Any

from django.core.checks import CheckMessage, Info, register

from core.operations.health import find_problems


@register(deploy=True)
def check_health(**kwargs: Any) -> list[CheckMessage]:
    """The problems of the health report, for information: a check may run before the set-up."""
    return [Info(problem, id="core.I001") for problem in find_problems().values()]
