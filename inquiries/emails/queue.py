"""Queueing an e-mail to the staff."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation

from contacts.models import Company
from core.mail import outbox


def queue_staff_email(
    template: str,
    to: Iterable[str],
    has_html: bool = False,
    headers: dict[str, str] = outbox.AUTOMATIC,
    **context: object,
) -> None:
    """Queue `inquiries/emails/<template>` to each e-mail address, in the site's default language.

    With `has_html`, the e-mail also has an HTML template.
    """
    with translation.override(settings.LANGUAGE_CODE):
        context = {"company": Company.current(), **context}
        for email in to:
            name = f"inquiries/emails/{template}"
            outbox.queue_email(name, context, [email], headers, has_html=has_html)
