from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InquiriesConfig(AppConfig):
    """What visitors ask, and how it is assigned and answered."""

    name = "products.inquiries"
    label = "inquiries"
    verbose_name = _("Inquiries")

    def ready(self) -> None:
        from products.inquiries import receivers  # noqa: F401
