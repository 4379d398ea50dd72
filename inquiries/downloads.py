"""Downloads of attachments; the caller checks who may read them."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

from core.images.previews import CONTENT_TYPE
from inquiries.models import Attachment


def attachment_response(attachments: QuerySet[Attachment], pk: int) -> FileResponse:
    """The attachment with this primary key, as a download that browsers do not display.

    Raises Http404 if it is not in `attachments`, or its file is missing or was infected.
    """
    attachment = _get(attachments, pk)
    return _response(
        attachment.file,
        as_attachment=True,
        filename=attachment.name,
        content_type="application/octet-stream",
    )


def preview_response(attachments: QuerySet[Attachment], pk: int) -> FileResponse:
    """The preview of an attached picture, which the site itself encoded, for display in a page.

    Raises Http404 if the attachment is not in `attachments`, or has no preview.
    """
    attachment = _get(attachments, pk)
    return _response(attachment.preview, content_type=CONTENT_TYPE)


def _get(attachments: QuerySet[Attachment], pk: int) -> Attachment:
    try:
        return attachments.get(pk=pk)
    except Attachment.DoesNotExist as error:
        raise Http404 from error


def _response(file: FieldFile, **options: Any) -> FileResponse:
    if not file:
        raise Http404
    try:
        response = FileResponse(file.open(), **options)
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
