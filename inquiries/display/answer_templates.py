"""Answer templates, filled in for an inquiry."""

from django.utils import translation
from django.utils.translation import gettext

from core.languages import language_of_site
from inquiries.display.deadlines import Deadline
from inquiries.models import AnswerTemplate, Inquiry
from inquiries.placeholders import fill_placeholders


def render_answer_template(template: AnswerTemplate, inquiry: Inquiry, contact_name: str) -> str:
    """The template's text with the data of the inquiry, in the buyer's language.

    `contact_name` is the name of the contact who answers.
    """
    with translation.override(language_of_site(inquiry.language)):
        return fill_placeholders(
            template.text,
            {
                "name": lambda: inquiry.name,
                "company": lambda: inquiry.company or inquiry.name,
                "reference": lambda: inquiry.reference,
                "products": lambda: _products(inquiry),
                "contact": lambda: contact_name,
                "due": lambda: _due(inquiry),
            },
        )


def _products(inquiry: Inquiry) -> str:
    return ", ".join(map(str, inquiry.lines.all())) or gettext("our products")


def _due(inquiry: Inquiry) -> str:
    deadline = Deadline.of(inquiry)
    return deadline.in_buyer_time or deadline.in_company_time
