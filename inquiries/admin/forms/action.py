"""The form of the actions in the list."""

from django.contrib.admin.helpers import ActionForm
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from inquiries.forms.fields import OptionalContactField


class InquiryActionForm(ActionForm):
    """Selects an action, and the contact to assign to."""

    contact = OptionalContactField(label=_("Contact"), empty_label=_("Select a contact"))

    @classmethod
    def contact_in(cls, data: QueryDict) -> Contact | None:
        """The contact in the data of a submitted form."""
        return cls.base_fields["contact"].clean(data.get("contact"))
