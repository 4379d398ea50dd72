"""A contact to save in an address book."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control

from contacts.models import Contact
from contacts.vcards import build_qr_code, build_vcard


def vcard(request: HttpRequest, pk: int) -> HttpResponse:
    """The vCard of an active contact, as a file; 404 for any other."""
    contact = get_object_or_404(Contact.objects.active(), pk=pk)
    return HttpResponse(
        build_vcard(contact),
        content_type="text/vcard; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="contact-{contact.pk}.vcf"'},
    )


@cache_control(public=True, no_cache=True)
def qr_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code of an active contact; 404 for any other.

    Browsers cache it but revalidate it each time, so that an edited number shows at once.
    """
    picture = build_qr_code(get_object_or_404(Contact.objects.active(), pk=pk))
    etag = f'"{hashlib.sha256(picture).hexdigest()[:32]}"'
    response = HttpResponse(picture, content_type="image/svg+xml", headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response
