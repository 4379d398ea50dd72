from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """The company and the people who sell."""

    name = "contacts"
    verbose_name = _("Company")
