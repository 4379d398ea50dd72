"""The list of inquiries, and the page of each."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.http import account
from config.pagination import BoundedPaginator
from config.spreadsheets import SpreadsheetExportMixin
from products.inquiries.admin.actions import InquiryActions
from products.inquiries.admin.attachments import Attachments
from products.inquiries.admin.buyer_pages import BuyerPages
from products.inquiries.admin.company_time import CompanyTime
from products.inquiries.admin.deadlines import InquiryDeadlines
from products.inquiries.admin.displays import InquiryDisplays
from products.inquiries.admin.figures import InquiryFigures
from products.inquiries.admin.filters import DueFilter, HeldFilter, OpenFilter, ToBeErasedFilter
from products.inquiries.admin.forms import InquiryManagerForm, InquiryWorkForm
from products.inquiries.admin.merging import Merging
from products.inquiries.admin.origins import CountryFilter, ReceivedFilter
from products.inquiries.admin.persons import Persons
from products.inquiries.admin.splitting import Splitting
from products.inquiries.models import Inquiry
from products.inquiries.spreadsheets import InquiryResource

FROM_WHERE = ["source", "source_page"]


@admin.register(Inquiry)
class InquiryAdmin(
    CompanyTime,
    Attachments,
    SpreadsheetExportMixin,
    InquiryFigures,
    InquiryActions,
    InquiryDeadlines,
    InquiryDisplays,
    BuyerPages,
    Merging,
    Splitting,
    Persons,
):
    """Every list, page and action goes through `get_queryset`: who may not see, finds nothing."""

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
    readonly_fields = [
        "reference", "created_at", "deadline", "sender", "address", "country", "telephone",
        "spoken", "products", "terms", "request_text", "timeline", "chosen_contact",
        *FROM_WHERE,
    ]  # fmt: skip
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        visible = Inquiry.objects.visible_to(account(request))
        if request.method == "POST" and request.path.endswith("/change/"):
            # Two who save at once are answered one after the other, so that the second is warned.
            visible = visible.select_for_update(of=("self",))
        return visible.select_related("assigned_to").prefetch_related("lines")

    def get_fieldsets(self, request: HttpRequest, obj: Inquiry | None = None) -> list[Any]:
        work = ["new_status", "template", "answer", "note", "seen"]
        work.insert(0, "contact" if self.has_assign_permission(request) else "whose")
        if obj and obj.is_held:
            work.insert(0, "release")
        if not self.has_change_permission(request, obj):
            work = ["state", "whose"]
        elif obj and obj.chosen_contact_id:
            work.insert(0, "chosen_contact")
        work.insert(0, "deadline")
        return [
            (
                _("What the buyer asks"),
                {
                    "fields": [
                        "request_text",
                        "products",
                        "terms",
                        "sender",
                        "address",
                        "telephone",
                        "country",
                    ]
                },
            ),
            (_("What is to be done"), {"fields": work}),
            (_("What happened so far"), {"fields": ["timeline"]}),
            (
                _("Record"),
                {"fields": ["reference", "created_at", "spoken", *FROM_WHERE]},
            ),
        ]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        # A field that a form declares takes part in it even where no fieldset shows it.
        form = InquiryManagerForm if self.has_assign_permission(request) else InquiryWorkForm
        made: Any = super().get_form(request, *args, **{"form": form, **kwargs})
        made.user = account(request)
        return made

    def get_readonly_fields(self, request: HttpRequest, obj: Inquiry | None = None) -> list[str]:
        return [*self.readonly_fields, "state", "whose"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Inquiry, form: InquiryWorkForm, change: bool
    ) -> None:
        form.work(by=account(request))
