"""The admin of inquiries: the list, and the page of an inquiry."""

import logging
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.http import logged_in_user
from core.pagination import count_up_to
from core.spreadsheets.admin import SpreadsheetExportMixin
from core.uploads.forms import RestoredFile, StoredFilesInput
from core.uploads.models import StoredUpload
from core.uploads.services import delete_uploads, store_upload
from inquiries.admin import actions, displays
from inquiries.admin.answer_files import LIFETIME, answer_scope
from inquiries.admin.changelist import InquiryChangeList
from inquiries.admin.filters import (
    CountryFilter,
    DueFilter,
    HeldFilter,
    OpenFilter,
    ReceivedFilter,
    ToBeErasedFilter,
)
from inquiries.admin.forms.action import InquiryActionForm
from inquiries.admin.forms.work import InquiryManagerForm, InquiryWorkForm
from inquiries.admin.urls import inquiry_urls
from inquiries.admin.views.buyer import MAX_INQUIRIES
from inquiries.models import FormerReference, Inquiry, InquiryQuerySet
from inquiries.permissions import may_see_all

logger = logging.getLogger(__name__)

REQUEST_FIELDS: list[Any] = [
    displays.message,
    displays.product_links,
    displays.terms,
    displays.sender,
    displays.email,
    displays.telephone,
    "country",
]
FILES_REFUSED = "are_files_refused"  # an attribute of the request and of the form
DETAIL_FIELDS: list[Any] = ["reference", "created_at", displays.language, "source", "source_page"]


@admin.register(Inquiry)
class InquiryAdmin(SpreadsheetExportMixin, admin.ModelAdmin):
    """Users only have access to the inquiries of `visible_to`, on every page."""

    action_form = InquiryActionForm
    actions = [actions.assign, actions.release]
    resource = "inquiries.spreadsheets.InquiryResource"
    list_display = [
        "reference",
        displays.status,
        displays.due,
        displays.sender,
        displays.products,
        displays.assignee,
        "created_at",
        displays.country,
    ]
    list_filter = [
        "status",
        OpenFilter,
        DueFilter,
        "assigned_to",
        ReceivedFilter,
        "source",
        CountryFilter,
        ToBeErasedFilter,
        HeldFilter,  # last: see `list_held_as_spam`
    ]
    list_per_page = 50
    sortable_by: ClassVar[Any] = [
        "reference",
        displays.due,
        "created_at",
    ]  # columns with an index
    search_fields = ["search_text__text"]
    search_help_text = _("Reference, name, e-mail, company, phone or words of the messages")
    readonly_fields: ClassVar[Any] = [
        *REQUEST_FIELDS,
        *DETAIL_FIELDS,
        displays.deadline,
        displays.status,
        displays.assignee,
        "chosen_contact",
    ]
    save_on_top = False

    def get_urls(self) -> list[URLPattern]:
        return [*inquiry_urls, *super().get_urls()]

    # What users may see and do

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        visible = Inquiry.objects.visible_to(logged_in_user(request))
        return visible.select_related("assigned_to").prefetch_related("lines")

    def has_change_permission(self, request: HttpRequest, obj: Inquiry | None = None) -> bool:
        """An erased inquiry cannot be changed."""
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return may_see_all(logged_in_user(request))

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[InquiryChangeList]:
        return InquiryChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Inquiry], search_term: str
    ) -> tuple[QuerySet[Inquiry], bool]:
        return cast(InquiryQuerySet, queryset).search(search_term), False

    # The page of an inquiry

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show and save the form; a merged inquiry's number shows the one that it was merged into.

        If two users save at the same time, the second request waits for the first and warns. If the
        files of an answer cannot be stored, nothing is saved and the form shows an error.
        """
        object_id = self._current_id(request, object_id)
        if request.method != "POST":
            return super().change_view(request, object_id, form_url, extra_context)
        try:
            return self._save_form(request, object_id, form_url, extra_context)
        except OSError:
            logger.exception("The files of an answer to inquiry %s cannot be stored.", object_id)
            setattr(request, FILES_REFUSED, True)
            return self._save_form(request, object_id, form_url, extra_context)

    def _save_form(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        with transaction.atomic():
            if object_id.isdecimal():
                Inquiry.objects.select_for_update().filter(pk=object_id).first()
            return super().change_view(request, object_id, *args)

    def _current_id(self, request: HttpRequest, object_id: str) -> str:
        """The primary key of the inquiry that `object_id` was merged into, else `object_id`."""
        if object_id.isdecimal():
            former = FormerReference.objects.filter(number=object_id).first()
            if former and self.get_queryset(request).filter(pk=former.inquiry_id).exists():
                return str(former.inquiry_id)
        return object_id

    def get_fieldsets(self, request: HttpRequest, obj: Inquiry | None = None) -> list[Any]:
        """The template shows the timeline before the last fieldset."""
        return [
            (_("Buyer's request"), {"fields": REQUEST_FIELDS}),
            (
                _("Action needed"),
                {"fields": [displays.deadline, *self._work_fields(request, obj)]},
            ),
            (_("Details"), {"fields": DETAIL_FIELDS}),
        ]

    def _work_fields(self, request: HttpRequest, inquiry: Inquiry | None) -> Sequence[Any]:
        """The fields for the actions of the user, or read-only fields."""
        if not self.has_change_permission(request, inquiry):
            return [displays.status, displays.assignee]
        assignee = "contact" if self.has_assign_permission(request) else displays.assignee
        fields = [assignee, "new_status", "template", "answer", "answer_files", "documents"]
        fields += ["note", "snapshot"]
        if inquiry and inquiry.has_held_content:
            fields.insert(0, "release")
        if inquiry and inquiry.chosen_contact_id:
            fields.insert(0, "chosen_contact")
        return fields

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        # Two forms, since declared fields are validated even if no fieldset contains them.
        base = InquiryManagerForm if self.has_assign_permission(request) else InquiryWorkForm
        attributes = {
            "user": logged_in_user(request),
            FILES_REFUSED: getattr(request, FILES_REFUSED, False),
        }
        form = type(base.__name__, (base,), attributes)
        return super().get_form(request, *args, **{"form": form, **kwargs})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        inquiry = kwargs.get("obj")
        if inquiry:
            events = inquiry.events.select_related("actor").prefetch_related("attachments")
            form = context["adminform"].form
            context |= {"events": events, "new_events": form.new_events}
            context["show_save_and_add_another"] = False
            if "answer_files" in form.fields and not form.is_bound:
                _show_stored_files(request, inquiry, form)
            if not inquiry.erased_at:
                context["buyer_link"] = self._buyer_link(request, inquiry)
        return super().render_change_form(request, context, *args, **kwargs)

    def _buyer_link(self, request: HttpRequest, inquiry: Inquiry) -> str:
        """The text of the link to the buyer's page."""
        visible = Inquiry.objects.visible_to(logged_in_user(request))
        count, has_more = count_up_to(MAX_INQUIRIES, visible.from_buyer_of(inquiry))
        if has_more:
            return gettext("more than %(count)d inquiries from this buyer") % {"count": count}
        if count == 1:
            return gettext("1 inquiry from this buyer")
        text = ngettext(
            "%(count)d inquiry from this buyer", "%(count)d inquiries from this buyer", count
        )
        return text % {"count": count}

    def save_model(
        self, request: HttpRequest, obj: Inquiry, form: InquiryWorkForm, change: bool
    ) -> None:
        user = logged_in_user(request)
        form.apply(by=user)
        if form.cleaned_data["answer"]:
            scope = answer_scope(user, obj)
            transaction.on_commit(lambda: delete_uploads(scope), robust=True)

    def log_change(self, request: HttpRequest, obj: Inquiry, message: Any) -> Any:
        """Log nothing: the services have logged each action of the form."""


def _show_stored_files(request: HttpRequest, inquiry: Inquiry, form: ModelForm) -> None:
    """List the files that the user has stored for the answer.

    Those that were selected before “Insert template” shows the form again are stored now.
    """
    scope = answer_scope(logged_in_user(request), inquiry)
    for upload in request.FILES.getlist("answer_files"):
        if not isinstance(upload, RestoredFile):
            store_upload(upload, scope, LIFETIME)
    field = form.fields["answer_files"]
    field.widget = StoredFilesInput(field.widget, list(StoredUpload.objects.active(scope)))
