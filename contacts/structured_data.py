"""The company as schema.org data."""

from typing import Any

from django.conf import settings

from contacts.models import Company
from core.absolute_urls import absolute_url
from core.phone_numbers import format_international


def organization(company: Company) -> dict[str, Any]:
    """`company` as an `Organization`: https://schema.org/Organization.

    Numbers are international, since programs read them.
    """
    region = company.phone_region
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#organization",
        "name": company.name,
        "url": f"{settings.SITE_URL}/",
        "logo": absolute_url(company.logo.url) if company.logo else "",
        "address": company.address,
        "telephone": format_international(company.hotline or company.phone, region),
        "faxNumber": format_international(company.fax, region),
        "email": company.email,
    }
