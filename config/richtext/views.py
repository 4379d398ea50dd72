"""Where the editor sends pictures."""

import logging

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from config.richtext.models import Picture

logger = logging.getLogger(__name__)


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
