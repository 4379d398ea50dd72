"""The company as schema.org data."""

from typing import Any

from django.conf import settings

from contacts.models import Company
from core.absolute_urls import absolute_url


def organization(company: Company) -> dict[str, Any]:
    """`company` as an `Organization`: https://schema.org/Organization."""
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#organization",
        "name": company.name,
        "url": f"{settings.SITE_URL}/",
        "logo": absolute_url(company.logo.url) if company.logo else "",
        "address": company.address,
        "telephone": company.hotline or company.phone,
        "faxNumber": company.fax,
        "email": company.email,
    }
