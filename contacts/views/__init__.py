"""The files of a contact, and of the site's look."""

from contacts.views.contact import qr_code, vcard
from contacts.views.look import favicon, look, manifest

__all__ = ["favicon", "look", "manifest", "qr_code", "vcard"]
