"""Where the editor sends pictures, and where it finds those that were sent before."""

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

PER_PAGE = 24
LONGEST_QUERY = 100  # characters

logger = logging.getLogger(__name__)


@never_cache
@require_GET
def pictures(request: HttpRequest) -> HttpResponse:
    """A page of the library, as a piece of HTML that static/admin/picture_library.js shows.

    `q` searches by name, `language` says whose alternative texts come along. What is chosen is
    handed over by a script of ours from `data-` attributes: unlike CKEditor's own browsers, no
    number of a function to call is taken from the address.
    """
    user = request.user
    may_see = any(map(user.has_perm, ("richtext.view_picture", "richtext.add_picture")))
    if not (user.is_staff and may_see):
        raise PermissionDenied
    query = request.GET.get("q", "").replace("\0", "")[:LONGEST_QUERY].strip()
    language = request.GET.get("language", "")
    if language not in settings.MODELTRANSLATION_LANGUAGES:
        language = settings.LANGUAGE_CODE
    page = Paginator(Picture.objects.found_by(query), PER_PAGE).get_page(request.GET.get("page"))
    for picture in page:
        picture.alt_here = getattr(picture, alt_field(language)) or ""
    context = {"page": page, "query": query, "language": language}
    return render(request, "admin/richtext/_pictures.html", context)


@never_cache
@require_POST
@csrf_protect
def upload(request: HttpRequest) -> JsonResponse:
    """Keep the picture in `upload` and answer with its address, in CKEditor's JSON format.

    What is refused is answered with a sentence for the editor to show: with 403 to who may not add
    pictures, else with 200, since CKEditor shows a sentence of its own beside any other status.
    """
    user = request.user
    if not (user.is_staff and user.has_perm("richtext.add_picture")):
        return _refusal(_("You may not upload pictures. Log in again, or ask for it."), status=403)
    file = request.FILES.get("upload")
    if file is None:
        return _refusal(_("No picture arrived. Choose a file and upload it again."))
    try:
        picture = Picture.objects.keep(file, by=user)
    except ValidationError as error:
        return _refusal(" ".join(error.messages))
    except Exception:  # each kind of storage has errors of its own
        logger.exception("A picture could not be kept.")
        return _refusal(_("The picture could not be saved. Try again in a few minutes."))
    return _answer(
        {
            "uploaded": 1,
            "fileName": picture.name,
            "url": picture.file.url,
            "width": picture.width,
            "height": picture.height,
        }
    )


def _refusal(sentence: str, status: int = 200) -> JsonResponse:
    return _answer({"uploaded": 0, "error": {"message": sentence}}, status)


def _answer(data: dict, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, headers={"X-Content-Type-Options": "nosniff"})
