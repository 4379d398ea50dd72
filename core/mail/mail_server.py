"""Asking the mail server directly whether it accepts an e-mail."""

from concurrent.futures import ThreadPoolExecutor
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from socket import gaierror
from ssl import SSLError

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from post_office.settings import get_backend

from core.mail.outbox import AUTOMATIC

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
TIMEOUT = 10  # seconds

# The first that fits.
EXPLANATIONS: tuple[tuple[type[Exception], str | Promise], ...] = (
    (
        SMTPAuthenticationError,
        gettext_lazy("The mail server refuses the user name or the password in EMAIL_URL."),
    ),
    (
        SMTPNotSupportedError,
        gettext_lazy("The mail server offers no encryption or no log-in as EMAIL_URL demands."),
    ),
    (
        SMTPSenderRefused,
        gettext_lazy("The mail server refuses the sender, which is DEFAULT_FROM_EMAIL."),
    ),
    (SMTPRecipientsRefused, gettext_lazy("The mail server refuses the recipient.")),
    (SMTPServerDisconnected, gettext_lazy("The mail server closed the connection.")),
    (SMTPException, gettext_lazy("The mail server refuses the e-mail.")),
    (gaierror, gettext_lazy("There is no host with the name in EMAIL_URL.")),
    (TimeoutError, gettext_lazy("The mail server does not answer.")),
    (
        SSLError,
        gettext_lazy(
            "There is no encrypted connection to the mail server: check in EMAIL_URL whether its"
            " port is one for smtp+tls or smtp+ssl, and whether its certificate has this name."
        ),
    ),
    (
        ConnectionRefusedError,
        gettext_lazy("There is no mail server at the host and the port in EMAIL_URL."),
    ),
    (OSError, gettext_lazy("The mail server cannot be reached.")),
    (Exception, gettext_lazy("The e-mail could not be sent.")),
)


class MailServerError(Exception):
    """Says why an e-mail was not accepted, and what the mail server answered."""


def is_mail_server_set() -> bool:
    """Whether EMAIL_URL names a mail server; otherwise e-mails are printed or written to files."""
    return bool(get_backend() == SMTP_BACKEND)


def send_test_email(to: str) -> None:
    """Send a short e-mail now, past the outbox; returns when the mail server has accepted it.

    Raises MailServerError, after TIMEOUT at the latest.
    """
    message = EmailMessage(
        subject=_("Test e-mail from %(site)s") % {"site": settings.SITE_URL},
        body=_("This e-mail shows that the site can send e-mails."),
        to=[to],
        connection=get_connection(get_backend()),
        headers=AUTOMATIC,
    )
    # In a thread, because EMAIL_TIMEOUT is for each step and longer.
    executor = ThreadPoolExecutor(max_workers=1)
    try:
        executor.submit(message.send).result(TIMEOUT)
    except Exception as error:
        raise MailServerError(_explain(error)) from error
    finally:
        executor.shutdown(wait=False)


def _explain(error: Exception) -> str:
    text = next(text for kind, text in EXPLANATIONS if isinstance(error, kind))
    answer = _find_answer(error)
    # Isolated, because a text in Arabic has another direction.
    return f"{text} (\u2068{answer}\u2069)" if answer else str(text)


def _find_answer(error: Exception) -> str:
    """What the mail server or the system said."""
    code: int
    answer: bytes | str
    if isinstance(error, SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, answer = error.smtp_code, error.smtp_error
    else:
        return str(error)
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {text}"
