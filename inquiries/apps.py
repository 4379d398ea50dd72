from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InquiriesConfig(AppConfig):
    """Inquiries of visitors: receiving, assigning and answering them."""

    name = "inquiries"
    label = "inquiries"
    verbose_name = _("Inquiries")

    def ready(self) -> None:
        from core.search.index import register_rebuild
        from core.trigram_tables import add_trigram_table
        from inquiries import page_cache, receivers  # noqa: F401
        from inquiries.models import Inquiry, InquirySearchText

        page_cache.watch_models()
        register_rebuild(Inquiry, InquirySearchText.objects.rebuild)
        add_trigram_table(InquirySearchText, ["text"])
