"""What all e-mails to the staff have in common. None of them ever goes to the buyer."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation

from contacts.models import Company
from core.mail import outbox

# RFC 3834: so that no automatic reply answers it.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


def queue_staff_email(
    template: str, to: Iterable[str], has_html: bool = False, **context: object
) -> None:
    """Queue `inquiries/emails/<template>` to each e-mail address, in the site's first language.

    `has_html` says that there is an HTML template as well.
    """
    with translation.override(settings.LANGUAGE_CODE):
        context = {"company": Company.get_solo(), **context}
        for email in to:
            name = f"inquiries/emails/{template}"
            outbox.queue_email(name, context, [email], AUTOMATIC, has_html=has_html)
