"""A contact to take home."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control

from contacts.models import Contact
from contacts.vcards import code_of, vcard_of


def vcard(request: HttpRequest, pk: int) -> HttpResponse:
    """The vCard of an active contact, as a file; 404 for one who is not on the site."""
    contact = get_object_or_404(Contact.objects.active(), pk=pk)
    return HttpResponse(
        vcard_of(contact),
        content_type="text/vcard; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="contact-{contact.pk}.vcf"'},
    )


@cache_control(public=True, no_cache=True)
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code of an active contact; 404 for one who is not on the site.

    A browser keeps it and asks whether it is still the same: an edited number shows at once.
    """
    picture = code_of(get_object_or_404(Contact.objects.active(), pk=pk))
    etag = f'"{hashlib.sha256(picture).hexdigest()[:32]}"'
    response = HttpResponse(picture, content_type="image/svg+xml", headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response
