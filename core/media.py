"""Serve uploads from MEDIA_ROOT, unless a web server in front of the site does so."""

import logging
from contextlib import suppress
from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

from core.images.renditions import original_names

PICTURE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}

DAY = 24 * 3600  # seconds

logger = logging.getLogger(__name__)


def cache_control(name: str) -> str:
    """The Cache-Control of an upload: a picture is named by its content, and never changes.

    Another file may take the name of a document that was deleted, days after that was last used.
    """
    if PurePosixPath(name).suffix.lower() in PICTURE_TYPES:
        return f"public, max-age={365 * DAY}, immutable"
    return f"public, max-age={DAY}"


def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return the uploaded file at `path` in MEDIA_ROOT; all but pictures are sent as downloads.

    Where a smaller copy of a picture is missing, because the disk was full, the picture is sent.
    Raises Http404 for a file that does not exist, and for a folder.
    """
    name, response = _serve_first(request, [path, *original_names(path)])
    if name == path:
        response.headers["Cache-Control"] = cache_control(name)
    else:
        logger.warning("%s is missing: run `manage.py make_renditions`.", path)
        response.headers["Cache-Control"] = "no-cache"
    if response.status_code == 200:
        picture_type = PICTURE_TYPES.get(PurePosixPath(name).suffix.lower())
        if picture_type:
            response["Content-Type"] = picture_type
        else:
            response["Content-Disposition"] = "attachment"
    # Stops browsers from guessing another type, such as an HTML page with scripts.
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _serve_first(request: HttpRequest, names: list[str]) -> tuple[str, HttpResponseBase]:
    """The first of these files that exists, with its name."""
    for name in names:
        with suppress(Http404):
            return name, serve(request, name, document_root=str(settings.MEDIA_ROOT))
    raise Http404
