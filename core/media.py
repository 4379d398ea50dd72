"""Serve uploads from MEDIA_ROOT, unless a web server in front of the site does so."""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

PICTURE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return the uploaded file at `path` in MEDIA_ROOT; all but pictures are sent as downloads.

    Raises Http404 for a file that does not exist, and for a folder.
    """
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if response.status_code == 200:
        picture_type = PICTURE_TYPES.get(PurePosixPath(path).suffix.lower())
        if picture_type:
            response["Content-Type"] = picture_type
        else:
            response["Content-Disposition"] = "attachment"
    # Stops browsers from guessing another type, such as an HTML page with scripts.
    response["X-Content-Type-Options"] = "nosniff"
    return response
