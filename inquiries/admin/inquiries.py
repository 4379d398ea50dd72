"""The list of inquiries, and the page of each."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.http import account
from core.pagination import BoundedPaginator
from core.spreadsheets import SpreadsheetExportMixin
from inquiries.admin.actions import InquiryActions
from inquiries.admin.buyer_pages import BuyerPages
from inquiries.admin.company_time import CompanyTime
from inquiries.admin.displays import InquiryDisplays
from inquiries.admin.downloads import InquiryDownloads
from inquiries.admin.filters import DueFilter, HeldFilter, OpenFilter, ToBeErasedFilter
from inquiries.admin.forms import InquiryManagerForm, InquiryWorkForm
from inquiries.admin.merging import Merging
from inquiries.admin.origins import CountryFilter, ReceivedFilter
from inquiries.admin.persons import Persons
from inquiries.admin.splitting import Splitting
from inquiries.models import Inquiry
from inquiries.spreadsheets import InquiryResource

ASKED = ["request_text", "products", "terms", "sender", "address", "telephone", "country"]
RECORD = ["reference", "created_at", "spoken", "source", "source_page"]


@admin.register(Inquiry)
class InquiryAdmin(
    CompanyTime,
    InquiryDownloads,
    SpreadsheetExportMixin,
    InquiryActions,
    InquiryDisplays,
    BuyerPages,
    Merging,
    Splitting,
    Persons,
):
    """Every list, page and action goes through `get_queryset`: who may not see, finds nothing.

    Each base is one subject in a file of its own. The last four add a page to each inquiry, on
    what `InquiryPages` gives them in common; `CompanyTime` is first, to wrap the pages of all.
    """

    form = InquiryWorkForm
    resource_classes = [InquiryResource]
    list_display = [
        "reference", "state", "due", "sender", "asked_for", "whose", "created_at", "country",
    ]  # fmt: skip
    list_filter = [
        "status",
        OpenFilter,
        DueFilter,
        HeldFilter,
        "assigned_to",
        ReceivedFilter,
        "source",
        CountryFilter,
        ToBeErasedFilter,
    ]
    list_per_page = 50
    sortable_by = ["reference", "due", "created_at"]  # what has an index
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # which would count what each filter finds
    search_fields = ["reference", "name", "email", "company"]
    search_help_text = _("Reference, name, e-mail or company")
    readonly_fields = [*ASKED, *RECORD, "deadline", "timeline", "chosen_contact", "state", "whose"]
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        visible = Inquiry.objects.visible_to(account(request))
        if request.method == "POST" and request.path.endswith("/change/"):
            # Two who save at once are answered one after the other, so that the second is warned.
            visible = visible.select_for_update(of=("self",))
        return visible.select_related("assigned_to").prefetch_related("lines")

    def get_fieldsets(self, request: HttpRequest, obj: Inquiry | None = None) -> list[Any]:
        return [
            (_("What the buyer asks"), {"fields": ASKED}),
            (_("What is to be done"), {"fields": ["deadline", *self._work(request, obj)]}),
            (_("What happened so far"), {"fields": ["timeline"]}),
            (_("Record"), {"fields": RECORD}),
        ]

    def _work(self, request: HttpRequest, inquiry: Inquiry | None) -> list[str]:
        """The fields by which the reader works on it; who may only look sees how it stands."""
        if not self.has_change_permission(request, inquiry):
            return ["state", "whose"]
        whose = "contact" if self.has_assign_permission(request) else "whose"
        fields = [whose, "new_status", "template", "answer", "note", "seen"]
        if inquiry and inquiry.is_held:
            fields.insert(0, "release")
        if inquiry and inquiry.chosen_contact_id:
            fields.insert(0, "chosen_contact")
        return fields

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        # A field that a form declares takes part in it even where no fieldset shows it.
        form = InquiryManagerForm if self.has_assign_permission(request) else InquiryWorkForm
        made: Any = super().get_form(request, *args, **{"form": form, **kwargs})
        made.user = account(request)
        return made

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Inquiry, form: InquiryWorkForm, change: bool
    ) -> None:
        form.work(by=account(request))
