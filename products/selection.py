"""The products that a visitor collects for a comparison, stored in a cookie.

The cookie contains primary keys, as in `12.45`. Pages are the same for every visitor and can be
cached; static/js/products.js reads the cookie to mark the selected products.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from products.comparison import MAX_PRODUCTS
from products.models import Product

COOKIE_AGE = timedelta(days=7)
COOKIE = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})*", re.ASCII)


def read_selection(request: HttpRequest) -> list[Product]:
    """The selected products that are published, in their order; none for an invalid cookie."""
    value = request.COOKIES.get(settings.COMPARISON_COOKIE_NAME, "")[:200]
    if not COOKIE.fullmatch(value):
        return []
    keys = [int(key) for key in dict.fromkeys(value.split("."))][:MAX_PRODUCTS]
    found = Product.objects.published().only("slug", "name").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def store_selection(response: HttpResponse, products: Iterable[Product]) -> None:
    """Store the selected products in the visitor's cookie."""
    name, path = settings.COMPARISON_COOKIE_NAME, settings.SESSION_COOKIE_PATH
    domain = settings.SESSION_COOKIE_DOMAIN
    value = ".".join(str(product.pk) for product in products)
    if not value:
        response.delete_cookie(name, path, domain, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_AGE,
        path=path,
        domain=domain,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
