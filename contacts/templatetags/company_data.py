"""`{% organization_data company %}`: the company as JSON-LD, for search engines."""

from django import template
from django.utils.safestring import SafeString

from contacts.models import Company
from contacts.structured_data import organization
from core import structured_data

register = template.Library()


@register.simple_tag
def organization_data(company: Company) -> SafeString | str:
    """The `<script>` element with the company's data; empty as long as it has no name."""
    return structured_data.json_ld(organization(company)) if company.name else ""
