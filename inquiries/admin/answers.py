"""Answer templates: where they are written, and how one is put into an answer."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from inquiries.answering.placeholders import PLACEHOLDERS
from inquiries.models import AnswerTemplate

PUT_IN = "_put_in"  # the name of the button
MOST_TEMPLATES = 200


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(admin.ModelAdmin):
    """Managers write them; who answers chooses one on the page of the inquiry."""

    list_display = ["name", "language", "is_active"]
    list_filter = ["language", "is_active"]
    search_fields = ["name", "text"]
    fields = ["name", "language", "text", "placeholders", "is_active"]
    readonly_fields = ["placeholders"]

    def get_form(self, *args: Any, **kwargs: Any) -> type[forms.ModelForm]:
        form = super().get_form(*args, **kwargs)
        if "text" in form.base_fields:
            form.base_fields["text"].widget.attrs.update(rows=14, dir="auto")
        return form

    @admin.display(description=_("placeholders"))
    def placeholders(self, template: AnswerTemplate) -> str:
        rows = (("{" + name + "}", means) for name, means in PLACEHOLDERS.items())
        listed = format_html_join("", '<li><code dir="ltr">{}</code> {}</li>', rows)
        braces = gettext("For a brace itself, type it twice.")
        return format_html('<ul class="asked-for">{}</ul><p>{}</p>', listed, braces)


class TemplateSelect(forms.Select):
    """A choice with a button beside it, which sends the form to have the text put in."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        button = '<button class="button put-in" name="{}" formaction="#id_answer" formnovalidate>'
        return format_html(
            '<span class="template-choice">{} ' + button + "{}</button></span>",
            super().render(*args, **kwargs),
            PUT_IN,
            gettext("Put it into the answer"),
        )


class TemplateForm(forms.Form):
    """The part of an inquiry's form that begins an answer with a template.

    The button sends the form, which comes back as it was typed with the text put in; nothing is
    saved or checked by that.
    """

    instance: Any  # the inquiry, as of a ModelForm
    user: User  # who works on it; the admin sets it on the class that it makes for a request

    template = forms.ChoiceField(
        label=_("Template"),
        required=False,
        widget=TemplateSelect,
        help_text=_("To begin with; read it through and change it before it goes out."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = AnswerTemplate.objects.offered_for(self.instance.language)[:MOST_TEMPLATES]
        field = cast(forms.ChoiceField, self.fields["template"])
        field.choices = [("", _("none")), *((str(one.pk), one.name) for one in offered)]
        if self.is_put_in:
            self.data = self._with_template(cast(QueryDict, self.data))

    @property
    def is_put_in(self) -> bool:
        """Whether the button was pressed that puts the template in."""
        return PUT_IN in self.data

    def full_clean(self) -> None:
        """As always; where a template is put in there is nothing to complain of yet."""
        super().full_clean()
        if self.is_put_in:
            self._errors = forms.utils.ErrorDict()

    def is_valid(self) -> bool:
        return not self.is_put_in and super().is_valid()

    def clean_template(self) -> str:
        chosen = self.cleaned_data["template"]
        if chosen and not self.data.get("answer", "").strip():
            raise ValidationError(_("Put it into the answer first, and read it through."))
        return chosen

    def _with_template(self, sent: QueryDict) -> QueryDict:
        """What was sent, with the template's text below the answer that was typed so far."""
        chosen = sent.get("template", "")
        offered = AnswerTemplate.objects.offered_for(self.instance.language)
        template = offered.filter(pk=chosen).first() if chosen.isdecimal() else None
        if template is None:
            return sent
        data = sent.copy()
        who = Contact.objects.filter(pk=self._contact_in(sent)).first()
        signer = self.instance.signer(who, self.user) if who else None
        text = template.text_for(self.instance, signer.name if signer else "")
        data["answer"] = "\n\n".join(filter(None, [sent.get("answer", "").strip(), text]))
        data["template"] = ""
        return data

    def _contact_in(self, sent: QueryDict) -> Any:
        """The key of who is going to answer: the contact chosen in the form, else who has it."""
        chosen = sent.get("contact", "") if "contact" in self.fields else ""
        return int(chosen) if chosen.isdecimal() else self.instance.assigned_to_id
