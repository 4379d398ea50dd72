from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, line, number_of_items
from news.page_cache import ALL, LISTS, next_change
from news.queries import find_articles_for_home

DEFAULT_NUMBER = 4


class LatestNewsBlock(Block):
    label = _("Latest news")
    order = 130
    translated: ClassVar = ["heading"]
    tags: ClassVar = [ALL, LISTS]
    next_change = next_change

    heading = line(_("Heading"))
    limit = number_of_items(DEFAULT_NUMBER)

    @classmethod
    def prepare(cls, blocks: list[dict[str, Any]], request: HttpRequest) -> None:
        limits = [block["limit"] or DEFAULT_NUMBER for block in blocks]
        articles = find_articles_for_home(max(limits))
        for block, limit in zip(blocks, limits, strict=True):
            block["articles"] = articles[:limit]
