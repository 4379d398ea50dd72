from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InquiriesConfig(AppConfig):
    """Inquiries of visitors: receiving, assigning and answering them."""

    name = "inquiries"
    label = "inquiries"
    verbose_name = _("Inquiries")

    def ready(self) -> None:
        from inquiries import receivers  # noqa: F401
