from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """The company and its sales contacts."""

    name = "contacts"
    verbose_name = _("Company")

    def ready(self) -> None:
        from contacts import page_cache
        from contacts.models import Contact
        from core import links
        from core.menus.targets import RowTarget, register
        from core.page_urls import page_url

        page_cache.watch_models()
        for name in ("vcard", "qr_code"):
            links.register(f"contacts:{name}", Contact.objects.active, field="pk")
        register(
            RowTarget(
                "contact",
                _("Contacts"),
                Contact.objects.active,
                get_url=lambda contact: f"{page_url('contacts:list')}#contact-{contact.pk}",
            )
        )
