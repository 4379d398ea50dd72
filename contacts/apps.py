from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """The company and its sales contacts."""

    name = "contacts"
    verbose_name = _("Company")

    def ready(self) -> None:
        from contacts.models import Contact
        from core import links

        for name in ("vcard", "qr_code"):
            links.register(f"contacts:{name}", Contact.objects.active, field="pk")
