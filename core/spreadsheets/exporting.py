"""Writing all rows of a long export, in bounded memory."""

from array import array
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from import_export.resources import ModelResource

from core.replica import replica_reads
from core.spreadsheets.archives import ZIP, ZipWriter
from core.spreadsheets.formats import CSV, XLSX

MAX_EXPORTED_ROWS = 1_000_000
CHUNK = 500  # rows in memory
CHUNK_WITH_FILES = 20  # rows, whose files may take some time to read
FORMATS: dict[str, type[CSV | XLSX | ZIP]] = {"csv": CSV, "xlsx": XLSX, "zip": ZIP}

Progress = Callable[[int, int], None]
"""Is told the rows that are done, and all rows."""


def write_export(
    admin: Any, request: HttpRequest, format_name: str, out: IO[bytes], progress: Progress
) -> int:
    """Write what the list of `admin` shows for `request` to `out`; returns the number of rows.

    The keys are read once, in the order of the list; then the rows of some keys at a time, which
    takes the same time for the last ones as for the first. Rows that the user may no longer see are
    left out. Raises ValueError for more than MAX_EXPORTED_ROWS rows or a cell that is too long.
    """
    resource = admin.get_export_resource_classes(request)[0](
        **admin.get_export_resource_kwargs(request)
    )
    with replica_reads():
        keys = _read_keys(admin.get_export_queryset(request))
    objects = resource.filter_export(admin.get_queryset(request))
    written = 0
    progress(0, len(keys))
    with FORMATS[format_name].writer_class(out, resource.get_export_headers()) as writer:
        size = CHUNK_WITH_FILES if isinstance(writer, ZipWriter) else CHUNK
        for start in range(0, len(keys), size):
            chunk = keys[start : start + size]
            with replica_reads():
                rows = list(_rows(resource, objects, chunk))
                files = list(resource.get_files(chunk)) if isinstance(writer, ZipWriter) else []
            writer.write(rows)
            if isinstance(writer, ZipWriter):
                writer.add_files(files)
            written += len(rows)
            progress(start + len(chunk), len(keys))
    return written


def _read_keys(queryset: QuerySet) -> "array[int]":
    rows = queryset.prefetch_related(None).values_list("pk", flat=True)
    keys = array("q", rows[: MAX_EXPORTED_ROWS + 1].iterator())
    if len(keys) > MAX_EXPORTED_ROWS:
        raise ValueError(
            _("More than %(limit)d rows selected. Use the list filters to reduce the number.")
            % {"limit": MAX_EXPORTED_ROWS}
        )
    return keys


def _rows(resource: ModelResource, objects: QuerySet, keys: "array[int]") -> Iterator[list[Any]]:
    fields = resource.get_export_fields()
    found = objects.in_bulk(list(keys))
    for key in keys:
        if instance := found.get(key):
            yield [resource.export_field(field, instance) for field in fields]
