"""Hand out what visitors sent along, to those who were found to be allowed to read it."""

from django.db.models import QuerySet
from django.http import FileResponse, Http404

from inquiries.models import Attachment


def hand_out(attachments: QuerySet[Attachment], pk: int) -> FileResponse:
    """One of `attachments` as a file to keep: no browser opens what a stranger sent.

    404 for one that is not among them, and for one whose file is lost.
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
