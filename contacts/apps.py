from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """The company and the people who sell."""

    name = "contacts"
    verbose_name = _("Company")

    def ready(self) -> None:
        from contacts.models import Contact
        from core import links

        for file in ("vcard", "code"):
            links.register(f"contacts:{file}", Contact.objects.active, field="pk")
