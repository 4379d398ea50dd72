from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Staff accounts: how they are created, and how their owners log in."""

    name = "accounts"
    verbose_name = _("Accounts")
