"""The spreadsheet export of inquiries."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export.fields import Field
from import_export.resources import ModelResource

from core.spreadsheets.widgets import TimeWidget
from core.time_zone import with_time_zone
from inquiries.models import Inquiry


class InquiryResource(ModelResource):
    """The columns of the export, with headings in the user's language."""

    reference = Field("reference", _("reference"))
    created_at = Field("created_at", with_time_zone(_("received")), TimeWidget())
    status = Field("get_status_display", _("status"))
    name = Field("name", _("name"))
    company = Field("company", _("company"))
    email = Field("email", _("e-mail"))
    phone = Field("phone", _("phone"))
    country = Field("country__name", _("country"))
    language = Field("language", _("language"))
    products = Field(column_name=_("products"))
    message = Field("message", _("message"))
    terms = Field(column_name=_("trade terms"))
    source = Field("get_source_display", pgettext_lazy("of an inquiry", "source"))
    source_page = Field("source_page", _("source page"))
    assigned_to = Field("assigned_to__name", _("assigned to"))
    due_at = Field("due_at", with_time_zone(_("reply due")), TimeWidget())
    first_response_at = Field("first_response_at", with_time_zone(_("first reply")), TimeWidget())

    class Meta:
        model = Inquiry
        fields = [
            "reference", "created_at", "status", "name", "company", "email", "phone", "country",
            "language", "products", "message", "terms", "source", "source_page", "assigned_to",
            "due_at", "first_response_at",
        ]  # fmt: skip
        chunk_size = 1000  # inquiries per query

    def dehydrate_products(self, inquiry: Inquiry) -> str:
        return "\n".join(str(line) for line in inquiry.lines.all())

    def dehydrate_terms(self, inquiry: Inquiry) -> str:
        return "\n".join(f"{name}: {value}" for name, value in inquiry.terms)
