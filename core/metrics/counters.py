"""What each server process counts. Import it only if metrics are shown: it takes memory.

With PROMETHEUS_MULTIPROC_DIR, which `manage.py run_server` sets before this is imported, each
process has its numbers in files of that folder, so that every process can add up those of all.
"""

import os
from collections.abc import Iterator, Mapping

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core.metrics.folder import FOLDER_VARIABLE
from core.metrics.gauges import Values, gauges

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

own_registry = CollectorRegistry()
requests = Histogram(
    "tradepost_request_seconds",
    "Time in which Django answered a request, by the name of its URL and the kind of status.",
    ["view", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=own_registry,
)
page_cache_requests = Counter(
    "tradepost_page_cache_requests",
    "Requests for pages that are kept: answered with a kept page (hit), rendered (miss), or"
    " rendered for somebody who is logged in (private).",
    ["result"],
    registry=own_registry,
)


class _Gauges(Collector):
    def __init__(self, values: Mapping[str, Values]) -> None:
        self.values = values

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for gauge in gauges:
            labels = [gauge.label] if gauge.label else []
            family = GaugeMetricFamily(gauge.name, gauge.description, labels=labels)
            for label, value in self.values.get(gauge.name, {}).items():
                family.add_metric([label] if labels else [], value)
            yield family


def show(values: Mapping[str, Values]) -> bytes:
    """The counts of all processes and the values of the gauges, in Prometheus' text format."""
    counts = own_registry
    if FOLDER_VARIABLE in os.environ:
        counts = CollectorRegistry()
        MultiProcessCollector(counts)
    read = CollectorRegistry()
    read.register(_Gauges(values))
    return generate_latest(counts) + generate_latest(read)
