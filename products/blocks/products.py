from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, TextArea, line, number_of_items
from products.models import Category, Product
from products.page_cache import ALL, LISTS
from products.queries import find_products_for_blocks, is_in_category

MAX_CHOSEN = 24
DEFAULT_NUMBER = 6


class ProductsField(forms.CharField):
    """The keys of products, typed as their model numbers or slugs, one per line."""

    def to_python(self, value: Any) -> Any:
        typed = str(super().to_python(value) or "")
        lines = [text.strip() for text in typed.splitlines() if text.strip()]
        if len(lines) > MAX_CHOSEN:
            message = gettext("Enter at most %(number)s products.")
            raise ValidationError(message % {"number": MAX_CHOSEN})
        found: dict[str, int] = {}
        rows = Product.objects.filter(Q(slug__in=lines) | Q(sku__in=lines))
        for pk, slug, sku in rows.values_list("pk", "slug", "sku"):
            found |= {slug: pk} | ({sku: pk} if sku else {})
        if missing := [text for text in lines if text not in found]:
            message = gettext("No product has this model number or slug: %(name)s")
            raise ValidationError(message % {"name": ", ".join(missing)})
        return list(dict.fromkeys(found[text] for text in lines))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        rows = Product.objects.filter(pk__in=value).values_list("pk", "sku", "slug")
        names = {pk: sku or slug for pk, sku, slug in rows}
        return "\n".join(names[pk] for pk in value if pk in names)


class ProductsBlock(Block):
    label = _("Products")
    order = 120
    translated: ClassVar = ["heading"]
    tags: ClassVar = [ALL, LISTS]

    heading = line(_("Heading"))
    products = ProductsField(
        label=_("Chosen products"),
        required=False,
        widget=TextArea(4),
        help_text=_("One model number or slug per line."),
    )
    category: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Or all of a category"),
        queryset=Category.objects.all(),
        required=False,
        help_text=_("Without products and category, the featured products are shown."),
    )
    limit = number_of_items(DEFAULT_NUMBER)

    @classmethod
    def prepare(cls, blocks: list[dict[str, Any]], request: HttpRequest) -> None:
        """Add the products of all blocks, in one query."""
        for block in blocks:
            block["limit"] = block["limit"] or DEFAULT_NUMBER
        others = [block for block in blocks if not block["products"]]
        rows: list[Any] = find_products_for_blocks(
            chosen=[pk for block in blocks for pk in block["products"] or []],
            categories=[block["category"] for block in others if block["category"]],
            featured=any(not block["category"] for block in others),
        )
        by_key = {row.pk: row for row in rows}
        for block in blocks:
            if block["products"]:
                found = [by_key[pk] for pk in block["products"] if pk in by_key]
            elif block["category"]:
                found = [row for row in rows if is_in_category(row, block["category"])]
            else:
                found = [row for row in rows if row.is_featured]
            block["products"] = found[: MAX_CHOSEN if block["products"] else block["limit"]]
