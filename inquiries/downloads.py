"""Downloads of attachments; the caller checks who may read them."""

from django.db.models import QuerySet
from django.http import FileResponse, Http404

from inquiries.models import Attachment


def attachment_response(attachments: QuerySet[Attachment], pk: int) -> FileResponse:
    """The attachment with this primary key, as a download that browsers do not display.

    Raises Http404 if it is not in `attachments`, or its file is missing.
    """
    try:
        attachment = attachments.get(pk=pk)
        content = attachment.file.open()
    except (Attachment.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type="application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
