"""The basket: the products that a visitor wants to ask about together, stored in a cookie.

The cookie contains primary keys and quantities, as in `12-3.45-1`, and a signature; a variant of a
product is written as in `12v34-3`. Pages that do
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

from products.models import Product, Variant

COOKIE_AGE = timedelta(days=7)
SIGNATURE_SALT = "inquiries.basket"
VARIANTS_SALT = "inquiries.basket.variants"  # so that earlier versions ignore what they cannot read
FORMER_SESSION_KEY = "inquiry_basket"
MAX_LINES = 30

P = ParamSpec("P")


@dataclass(frozen=True)
class BasketLine:
    """A product in the basket; `product` is None if it is no longer offered.

    `name` is empty if the product was deleted. `variant` is None if none was chosen or it is no
    longer offered.
    """

    key: str
    name: str
    quantity: int
    product: Product | None
    variant: Variant | None = None

    @property
    def text(self) -> str:
        """The name of the product and of its variant."""
        return f"{self.name} – {self.variant.label}" if self.variant else self.name


def line_key(product: Product, variant: Variant | None = None) -> str:
    return f"{product.pk}v{variant.pk}" if variant else str(product.pk)


class Basket:
    """The basket of one visitor: quantities by `line_key`."""

    def __init__(self, items: dict[str, int] | None = None) -> None:
        self.items = items or {}

    @classmethod
    def from_request(cls, request: HttpRequest) -> Self:
        """The basket in the visitor's cookie; an empty one if its signature is invalid."""
        found = (
            request.get_signed_cookie(
                settings.BASKET_COOKIE_NAME, default=None, salt=salt, max_age=COOKIE_AGE
            )
            for salt in (SIGNATURE_SALT, VARIANTS_SALT)
        )
        value = next(filter(None, found), "")
        pairs = (item.split("-") for item in value.split(".") if item)
        return cls({key: int(quantity) for key, quantity in pairs})

    def save(self, response: HttpResponse) -> None:
        """Store the basket in the visitor's cookie."""
        path, domain = settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN
        if not self.items:
            response.delete_cookie(settings.BASKET_COOKIE_NAME, path, domain, samesite="Lax")
            return
        has_variants = any("v" in key for key in self.items)
        response.set_signed_cookie(
            settings.BASKET_COOKIE_NAME,
            ".".join(f"{key}-{quantity}" for key, quantity in self.items.items()),
            salt=VARIANTS_SALT if has_variants else SIGNATURE_SALT,
            max_age=COOKIE_AGE,
            path=path,
            domain=domain,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )

    def __len__(self) -> int:
        return len(self.items)

    def quantity_of(self, product: Product, variant: Variant | None = None) -> int | None:
        """The quantity of a product or variant in the basket; None if it is not in the basket."""
        return self.items.get(line_key(product, variant))

    def has_room_for(self, product: Product, variant: Variant | None = None) -> bool:
        return line_key(product, variant) in self.items or len(self) < MAX_LINES

    def set_quantity(self, product: Product, quantity: int, variant: Variant | None = None) -> None:
        """Add a product or one of its variants, or change its quantity.

        Raises ValueError if the basket is full.
        """
        if not self.has_room_for(product, variant):
            raise ValueError(f"The basket holds {MAX_LINES} products.")
        self.change_quantities({line_key(product, variant): quantity})

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
        keys = {key: key.split("v") for key in self.items}
        wanted = {int(product) for product, *_variant in keys.values()}
        published = Product.objects.published().in_bulk(wanted)
        withdrawn = Product.objects.only("name").in_bulk(wanted - published.keys())
        variants = self._variants([int(pk) for _product, *pks in keys.values() for pk in pks])
        lines = []
        for key, quantity in self.items.items():
            pk, *variant_pk = map(int, keys[key])
            product = published.get(pk)
            known = product or withdrawn.get(pk)
            variant = variants.get((pk, *variant_pk))
            lines.append(BasketLine(key, known.name if known else "", quantity, product, variant))
        return lines

    def _variants(self, keys: list[int]) -> dict[tuple[int, ...], Variant]:
        """The variants with these primary keys, by those of their products and their own."""
        found = Variant.objects.filter(pk__in=keys) if keys else []
        return {(variant.product_id, variant.pk): variant for variant in found}

    @property
    def offered(self) -> dict[tuple[Product, Variant | None], int]:
        """The quantity of each product that is still offered, and of each of its variants."""
        return {(line.product, line.variant): line.quantity for line in self.lines if line.product}

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
