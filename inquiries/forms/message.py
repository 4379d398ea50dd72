"""The form on the status page for a buyer's message."""

from django.utils.translation import gettext_lazy as _

from core.form_fields import MessageField
from core.validators import validate_text
from inquiries.forms.fields import AttachmentsField, LongTextarea
from inquiries.forms.spam_protection import SpamProtectedForm
from inquiries.models import Inquiry
from inquiries.screening import Submission


class MessageForm(SpamProtectedForm):
    """A message from the buyer of an inquiry."""

    message = MessageField(
        label=_("Your message"),
        max_length=5000,
        validators=[validate_text],
        widget=LongTextarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Enter a message.")},
    )

    attachments = AttachmentsField()

    def submission(self, inquiry: Inquiry, ip_address: str) -> Submission:
        """The submission for the screening, from a valid form."""
        return self._submission(ip_address, text=self.cleaned_data["message"], email=inquiry.email)
