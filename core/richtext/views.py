"""Uploading pictures in the editor, and choosing one from the library."""

import logging

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST

from core.richtext.library import alt_field
from core.richtext.models import Picture
from core.richtext.services import add_picture

PER_PAGE = 24
MAX_QUERY_LENGTH = 100  # characters

logger = logging.getLogger(__name__)


@never_cache
@require_GET
def pictures(request: HttpRequest) -> HttpResponse:
    """Render a page of the library as an HTML fragment for static/admin/picture_library.js.

    `q` is a search query, `language` that of the alternative texts. The script reads the chosen
    picture from `data-` attributes; unlike CKEditor's own file browser, the URL does not name a
    function to call.
    """
    user = request.user
    may_see = any(map(user.has_perm, ("richtext.view_picture", "richtext.add_picture")))
    if not (user.is_staff and may_see):
        raise PermissionDenied
    query = request.GET.get("q", "").replace("\0", "")[:MAX_QUERY_LENGTH].strip()
    language = request.GET.get("language", "")
    if language not in settings.MODELTRANSLATION_LANGUAGES:
        language = settings.LANGUAGE_CODE
    page = Paginator(Picture.objects.search(query), PER_PAGE).get_page(request.GET.get("page"))
    alt_texts = [getattr(picture, alt_field(language)) or "" for picture in page]
    context = {
        "page": page,
        "pictures": list(zip(page, alt_texts, strict=True)),
        "query": query,
        "language": language,
    }
    return render(request, "admin/richtext/_pictures.html", context)


@never_cache
@require_POST
@csrf_protect
def upload(request: HttpRequest) -> JsonResponse:
    """Add the picture in `upload` and respond with its URL in CKEditor's JSON format.

    An error has a message that the editor shows. Its status is 403 without the permission to add
    pictures, else 200, because with any other status CKEditor adds a message of its own.
    """
    user = request.user
    if not (user.is_staff and user.has_perm("richtext.add_picture")):
        return _error_response(
            _(
                "You do not have permission to upload images. Log in again or "
                "contact an administrator."
            ),
            status=403,
        )
    file = request.FILES.get("upload")
    if file is None:
        return _error_response(_("No image received. Select a file and upload it again."))
    try:
        picture = add_picture(file, by=user)
    except ValidationError as error:
        return _error_response(" ".join(error.messages))
    except Exception:  # each storage raises its own errors
        logger.exception("Could not store an uploaded picture.")
        return _error_response(_("The image could not be saved. Try again in a few minutes."))
    return _json_response(
        {
            "uploaded": 1,
            "fileName": picture.name,
            "url": picture.file.url,
            "width": picture.width,
            "height": picture.height,
        }
    )


def _error_response(message: str, status: int = 200) -> JsonResponse:
    return _json_response({"uploaded": 0, "error": {"message": message}}, status)


def _json_response(data: dict, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, headers={"X-Content-Type-Options": "nosniff"})
