from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, line
from products.page_cache import ALL
from products.queries import find_categories_for_home


class CategoriesBlock(Block):
    label = _("Product categories")
    order = 115
    translated: ClassVar = ["heading"]
    tags: ClassVar = [ALL]

    heading = line(_("Heading"))

    @classmethod
    def prepare(cls, blocks: list[dict[str, Any]], request: HttpRequest) -> None:
        categories = find_categories_for_home()
        for block in blocks:
            block["categories"] = categories
