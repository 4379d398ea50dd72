"""What every message to the staff has in common. None of them ever goes to the buyer."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation

from contacts.models import Company
from core.mail import outbox

# RFC 3834: so that no absent member of staff answers it by machine.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


def put(template: str, to: Iterable[str], has_html: bool = False, **context: object) -> None:
    """Queue `inquiries/mail/<template>` to each of these addresses, in the site's first language.

    `has_html` is as for `core.mail.outbox.put`.
    """
    with translation.override(settings.LANGUAGE_CODE):
        shown = {"company": Company.get_solo(), **context}
        for address in to:
            name = f"inquiries/mail/{template}"
            outbox.put(name, shown, [address], AUTOMATIC, has_html=has_html)
