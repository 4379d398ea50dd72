"""A contact to take home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from contacts.models import Contact
from contacts.vcards import vcard_of


def vcard(request: HttpRequest, pk: int) -> HttpResponse:
    """The vCard of an active contact, as a file; 404 for one who is not on the site."""
    contact = get_object_or_404(Contact.objects.active(), pk=pk)
    return HttpResponse(
        vcard_of(contact),
        content_type="text/vcard; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="contact-{contact.pk}.vcf"'},
    )
