"""The menus of the demo company."""

from core.menus.models import MenuItem
from demo.files import Row, read_content
from products.models import Category


def create_menus() -> None:
    categories = dict(Category.objects.values_list("slug", "pk"))
    for place, rows in read_content("menus").items():
        _create_items(place, rows, categories)


def _create_items(
    place: str, rows: list[Row], categories: dict[str, int], parent: MenuItem | None = None
) -> None:
    for order, row in enumerate(rows):
        children, category = row.pop("children", []), row.pop("category", "")
        if category:
            row |= {"kind": "product-category", "object_id": categories[category]}
        item = MenuItem.objects.create(place=place, parent=parent, order=order, **row)
        _create_items(place, children, categories, item)
