"""The form of the actions on an inquiry's page."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.admin.stored_files import not_stored_message
from core.form_fields import MessageField
from core.validators import validate_text
from inquiries.admin.answer_files import product_documents
from inquiries.admin.assignees import assignee_labels
from inquiries.admin.conflicts import Snapshot, conflict_message
from inquiries.display.answer_templates import render_answer_template
from inquiries.files import STAFF_LIMITS, PreparedFile
from inquiries.forms.fields import AttachmentsField, LongTextarea, MultipleFileInput
from inquiries.models import AnswerTemplate, Inquiry, InquiryEvent
from inquiries.services import (
    add_note,
    answer_inquiry,
    assign_inquiry,
    change_status,
    release_inquiry,
    signing_contact,
)

INSERT_TEMPLATE = "_insert_template"  # the name of the button
MAX_TEMPLATES = 200
MAX_CONTACTS = 200


class TemplateSelect(forms.Select):
    """Selects an answer template, with a button that inserts its text into the answer."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        button = (
            '<button class="button insert-template" name="{}" formaction="#id_answer"'
            " formnovalidate>"
        )
        return format_html(
            '<span class="template-choice">{} ' + button + "{}</button></span>",
            super().render(*args, **kwargs),
            INSERT_TEMPLATE,
            gettext("Insert template"),
        )


class AnswerFilesInput(MultipleFileInput):
    """Selects files; a script stores each at once, so that it survives until the reply is sent."""

    class Media:
        js = [forms.Script("admin/answer_files.js", defer=True)]


class InquiryWorkForm(forms.ModelForm):
    """The actions of the assigned contact: status, answer, note, release from spam.

    The button that inserts a template submits the form without saving: it is shown again, unbound,
    with the submitted values and the template's text in the answer.
    """

    # Set by the ModelAdmin in a subclass for each request:
    user: User
    are_files_refused = False  # by the storage, when the form was sent

    new_status = forms.ChoiceField(label=_("Status"))
    template = forms.ChoiceField(
        label=_("Template"),
        required=False,
        widget=TemplateSelect,
        help_text=_("Starting point: review before sending."),
    )
    answer = MessageField(
        label=_("Reply"),
        required=False,
        max_length=20_000,
        validators=[validate_text],
        widget=LongTextarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("Sent to the buyer by e-mail in the assignee's name."),
    )
    answer_files = AttachmentsField(
        STAFF_LIMITS, label=_("Files for the reply"), widget=AnswerFilesInput
    )
    documents = forms.MultipleChoiceField(
        label=_("Data sheets and downloads of the products"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sent with the reply."),
    )
    note = MessageField(
        label=_("Internal note"),
        required=False,
        max_length=20_000,
        validators=[validate_text],
        widget=LongTextarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Internal only."),
    )
    release = forms.BooleanField(
        label=_("Not spam"),
        required=False,
        help_text=_("The inquiry is then treated as new, and the assignee is notified."),
    )
    snapshot = forms.CharField(
        required=False, widget=forms.HiddenInput({"data-restored": "version"})
    )

    class Meta:
        model = Inquiry
        fields: list[str] = []

    def __init__(
        self, data: QueryDict | None = None, files: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        typed = data if data and INSERT_TEMPLATE in data else None
        super().__init__(*((None, None) if typed else (data, files)), *args, **kwargs)
        self.new_events: set[int] = set()  # primary keys of the events that cause a conflict
        offered = AnswerTemplate.objects.offered_for(self.instance.language)[:MAX_TEMPLATES]
        self._set_choices(
            "template", [("", _("none")), *((str(one.pk), one.name) for one in offered)]
        )
        self.product_documents = {
            document.key: document for document in product_documents(self.instance)
        }
        self._set_choices(
            "documents", [(key, one.label) for key, one in self.product_documents.items()]
        )
        if not self.product_documents:
            self.fields["documents"].widget = forms.MultipleHiddenInput()
        self._describe_answer_files()
        sent = Snapshot.parse(data.get("snapshot", "")) if data else None
        self.set_initial_values(sent or Snapshot.of(self.instance))
        if typed:
            self.initial.update({name: typed[name] for name in self.fields if name in typed})
            self.initial.update(template="", answer=self._answer_with_template(typed))

    def set_initial_values(self, snapshot: Snapshot) -> None:
        """Set the initial values from a snapshot, the state that the user has seen."""
        self.shown = snapshot
        self.initial.update(snapshot=str(snapshot), new_status=snapshot.status)
        statuses = dict.fromkeys(
            [snapshot.status, self.instance.status, *self.instance.allowed_statuses]
        )
        self._set_choices(
            "new_status", [(value, Inquiry.Status(value).label) for value in statuses]
        )

    def clean_template(self) -> str:
        chosen = self.cleaned_data["template"]
        if chosen and not self.data.get("answer", "").strip():
            raise ValidationError(_("Insert the template into the reply first, then review it."))
        return chosen

    def clean_documents(self) -> list[PreparedFile]:
        keys = self.cleaned_data["documents"]
        return [self.product_documents[key].prepare() for key in keys]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("answer") and not (data.get("contact") or self.instance.assigned_to_id):
            self.add_error(
                "answer", _("Assign the inquiry first. Replies are sent in the assignee's name.")
            )
        guarded = ("contact", "answer", "new_status")
        changes = [name for name in guarded if name in self.changed_data]
        if data.get("answer") and not self.instance.email:
            self.add_error("answer", _("This buyer has no e-mail address. Reply by phone."))
        if not data.get("answer") and (data.get("answer_files") or data.get("documents")):
            self.add_error("answer", _("Enter a reply to send with the files."))
        if self.are_files_refused and (data.get("answer_files") or data.get("documents")):
            name = "answer_files" if data.get("answer_files") else "documents"
            self.add_error(name, not_stored_message())
        others = self.instance.events.by_others_since(self.shown.event, self.user)
        if changes and (events := list(others)):
            self.add_error(changes[0], conflict_message(events))
            self._show_conflict(events)
        return data

    def apply(self, by: User) -> None:
        """Carry out all actions in one transaction."""
        inquiry, data = self.instance, self.cleaned_data
        with transaction.atomic():
            if data.get("release"):
                release_inquiry(inquiry, by=by)
            if data.get("contact") and "contact" in self.changed_data:
                assign_inquiry(inquiry, data["contact"], by=by)
            if data["answer"] and not self._is_repeated(InquiryEvent.Kind.ANSWERED, data["answer"]):
                files = [*data["answer_files"], *data["documents"]]
                answer_inquiry(inquiry, data["answer"], by=by, files=files)
            if data["note"] and not self._is_repeated(InquiryEvent.Kind.NOTE, data["note"]):
                add_note(inquiry, data["note"], by=by)
            if "new_status" in self.changed_data:
                change_status(inquiry, data["new_status"], by=by)

    def _describe_answer_files(self) -> None:
        """Tell the script where to store files, and the user how they reach the buyer."""
        field = self.fields["answer_files"]
        pk = self.instance.pk
        too_large = gettext("“%(name)s” is larger than %(limit)d MB.")
        field.widget.attrs |= {
            "data-url": reverse("admin:inquiries_inquiry_store_answer_file", args=[pk]),
            "data-max-bytes": STAFF_LIMITS.megabytes * 1024 * 1024,
            "data-too-large": too_large % {"name": "%s", "limit": STAFF_LIMITS.megabytes},
            "data-not-stored": gettext(
                "“%s” could not be uploaded. Select it again before you save."
            ),
        }
        field.help_text = gettext(
            "Select files or drop them here: up to %(most)d, each up to %(size)d MB. Up to 10 MB "
            "together are sent in the e-mail, larger ones as a link to the buyer’s page."
        ) % {"most": STAFF_LIMITS.files, "size": STAFF_LIMITS.megabytes}

    def _set_choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def _show_conflict(self, events: list[InquiryEvent]) -> None:
        """Update the fields that the user did not change, and accept the form next time."""
        unchanged = {*self.fields} - {*self.changed_data}
        self.set_initial_values(Snapshot.of(self.instance))
        sent = cast(QueryDict, self.data).copy()
        for name in unchanged | {"snapshot"}:
            initial = self.get_initial_for_field(self.fields[name], name)
            sent.setlist(self.add_prefix(name), [] if initial is None else [initial])
        self.data = sent
        self.new_events = {event.pk for event in events}

    def _is_repeated(self, kind: InquiryEvent.Kind, text: str) -> bool:
        """Whether the form was submitted twice, for example by a double click."""
        later = self.instance.events.filter(pk__gt=self.shown.event, actor=self.user)
        return later.filter(kind=kind, text=text).exists()

    def _answer_with_template(self, typed: QueryDict) -> str:
        """The submitted answer, followed by the text of the selected template."""
        answer, chosen = typed.get("answer", ""), typed.get("template", "")
        offered = AnswerTemplate.objects.offered_for(self.instance.language)
        template = offered.filter(pk=chosen).first() if chosen.isdecimal() else None
        if template is None:
            return answer
        contact = Contact.objects.filter(pk=self._answering_contact(typed) or 0).first()
        signer = signing_contact(contact, self.user) if contact else None
        text = render_answer_template(template, self.instance, signer.name if signer else "")
        return "\n\n".join(filter(None, [answer.strip(), text]))

    def _answering_contact(self, typed: QueryDict) -> int | None:
        """The primary key of the selected contact, else of the assigned one."""
        chosen = typed.get("contact", "") if "contact" in self.fields else ""
        return int(chosen) if chosen.isdecimal() else self.instance.assigned_to_id


class InquiryManagerForm(InquiryWorkForm):
    """The same form for managers, who may also assign the inquiry."""

    contact: forms.ModelChoiceField = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Assigned to"),
        required=False,
        empty_label=_("Not assigned"),
        help_text=_("The contact is notified by e-mail."),
    )

    def set_initial_values(self, snapshot: Snapshot) -> None:
        super().set_initial_values(snapshot)
        self.initial["contact"] = snapshot.contact
        assignees = [self.instance.assigned_to_id, snapshot.contact]
        contacts = Contact.objects.filter(Q(is_active=True) | Q(pk__in=assignees))
        field = cast(forms.ModelChoiceField, self.fields["contact"])
        field.queryset = contacts
        labels = assignee_labels(contacts, MAX_CONTACTS)
        field.choices = [("", field.empty_label), *labels.items()]

    def clean_contact(self) -> Contact | None:
        contact = self.cleaned_data["contact"]
        if contact is None and "contact" in self.changed_data:
            raise ValidationError(
                _("Select a contact. An assigned inquiry cannot be left unassigned.")
            )
        return contact
