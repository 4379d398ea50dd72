"""The basket: the products that a visitor wants to ask about together, stored in a cookie.

The cookie contains primary keys and quantities, as in `12-3.45-1`, and a signature. Pages that do
not show the basket are the same for every visitor and can be cached; on these, static/js/basket.js
reads the cookie to show the number of products.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from products.models import Product

COOKIE_AGE = timedelta(days=7)
SIGNATURE_SALT = "inquiries.basket"
FORMER_SESSION_KEY = "inquiry_basket"
MAX_LINES = 30

P = ParamSpec("P")


@dataclass(frozen=True)
class BasketLine:
    """A product in the basket; `product` is None if it is no longer offered.

    `name` is empty if the product was deleted.
    """

    key: str
    name: str
    quantity: int
    product: Product | None


class Basket:
    """The basket of one visitor: quantities by the primary keys of products, as strings."""

    def __init__(self, items: dict[str, int] | None = None) -> None:
        self.items = items or {}

    @classmethod
    def from_request(cls, request: HttpRequest) -> Self:
        """The basket in the visitor's cookie; an empty one if its signature is invalid."""
        value = request.get_signed_cookie(
            settings.BASKET_COOKIE_NAME, default=None, salt=SIGNATURE_SALT, max_age=COOKIE_AGE
        )
        pairs = (item.split("-") for item in (value or "").split(".") if item)
        return cls({key: int(quantity) for key, quantity in pairs})

    def save(self, response: HttpResponse) -> None:
        """Store the basket in the visitor's cookie."""
        path, domain = settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN
        if not self.items:
            response.delete_cookie(settings.BASKET_COOKIE_NAME, path, domain, samesite="Lax")
            return
        response.set_signed_cookie(
            settings.BASKET_COOKIE_NAME,
            ".".join(f"{key}-{quantity}" for key, quantity in self.items.items()),
            salt=SIGNATURE_SALT,
            max_age=COOKIE_AGE,
            path=path,
            domain=domain,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )

    def __len__(self) -> int:
        return len(self.items)

    def quantity_of(self, product: Product) -> int | None:
        """The quantity of a product in the basket; None if it is not in the basket."""
        return self.items.get(str(product.pk))

    def has_room_for(self, product: Product) -> bool:
        return str(product.pk) in self.items or len(self) < MAX_LINES

    def set_quantity(self, product: Product, quantity: int) -> None:
        """Add a product, or change its quantity.

        Raises ValueError if the basket is full.
        """
        if not self.has_room_for(product):
            raise ValueError(f"The basket holds {MAX_LINES} products.")
        self.change_quantities({str(product.pk): quantity})

    def change_quantities(self, quantities: dict[str, int]) -> None:
        """Change the quantities of lines, given by their keys."""
        self.items |= quantities
        self._forget_lines()

    def remove(self, key: str) -> None:
        """Remove the line with this key; does nothing for an unknown key."""
        self.items.pop(key, None)
        self._forget_lines()

    def clear(self) -> None:
        self.items.clear()
        self._forget_lines()

    @cached_property
    def lines(self) -> list[BasketLine]:
        """The lines, with the products as they are published now."""
        if not self.items:
            return []
        published = Product.objects.published().in_bulk([int(key) for key in self.items])
        others = {int(key) for key in self.items} - published.keys()
        withdrawn = Product.objects.only("name").in_bulk(others)
        lines = []
        for key, quantity in self.items.items():
            product = published.get(int(key))
            known = product or withdrawn.get(int(key))
            lines.append(BasketLine(key, known.name if known else "", quantity, product))
        return lines

    @property
    def quantities(self) -> dict[Product, int]:
        """The quantity of each product that is still offered."""
        return {line.product: line.quantity for line in self.lines if line.product}

    def _forget_lines(self) -> None:
        self.__dict__.pop("lines", None)


def with_basket(
    view: Callable[Concatenate[HttpRequest, Basket, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Decorate a view: it receives the basket, which is stored if the view changes it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        basket = Basket.from_request(request)
        stored = dict(basket.items)
        _move_from_session(request, basket)
        response = view(request, basket, *args, **kwargs)
        is_unreadable = settings.BASKET_COOKIE_NAME in request.COOKIES and not stored
        if basket.items != stored or is_unreadable:
            basket.save(response)
        return response

    return wrapped


def _move_from_session(request: HttpRequest, basket: Basket) -> None:
    """Move a basket from the session, where earlier versions of the site stored it.

    The session is deleted if it contained nothing else, so that the visitor gets cached pages.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    former = request.session.pop(FORMER_SESSION_KEY, None)
    if former is None:
        return
    moved = {key: item["quantity"] for key, item in former.items()} | basket.items
    basket.change_quantities(dict(list(moved.items())[:MAX_LINES]))
    if not request.session.keys():
        request.session.flush()
