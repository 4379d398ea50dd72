"""Liveness, readiness and numbers of the site, for load balancers and monitors."""

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from core.metrics.gauges import read_gauges
from core.operations.health import PARTS, check_parts

METRICS_KEY = "metrics"
METRICS_TIMEOUT = 10  # seconds for which a process does not read the gauges again


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Respond with 200 as long as the process runs."""
    return JsonResponse({"alive": True})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Respond with 200 if pages can be served, else with 503.

    A request with the key in HEALTH_KEY, as `Authorization: Bearer <key>`, gets the state of each
    part: `"ok"`, `"not checked"` because migrations are missing, or a sentence.
    """
    may_see_parts = _has_key(request)
    parts = [part for part in PARTS if may_see_parts or part.is_required]
    problems = check_parts(parts)
    failed = [part.name for part in parts if part.is_required and problems[part.name]]
    content: dict[str, object] = {"ready": not failed, "database": not problems["database"]}
    if may_see_parts:
        content["parts"] = {
            name: "not checked" if problem is None else problem or "ok"
            for name, problem in problems.items()
        }
    return JsonResponse(content, status=503 if failed else 200)


@never_cache
def show_metrics(request: HttpRequest) -> HttpResponse:
    """The metrics in Prometheus' text format, for requests with the key; 404 for others."""
    if not _has_key(request):
        raise Http404
    from core.metrics import counters

    values = caches["fragments"].get_or_set(METRICS_KEY, read_gauges, METRICS_TIMEOUT)
    return HttpResponse(counters.show(values or {}), content_type=counters.CONTENT_TYPE)


def _has_key(request: HttpRequest) -> bool:
    key = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.HEALTH_KEY) and constant_time_compare(key, settings.HEALTH_KEY)
