"""The kind of page from which a visitor sent an inquiry."""

import re

LANGUAGE_PREFIX = r"(?:/[a-z]{2,3}(?:-[a-z]+)?)?"

# Values of `Inquiry.Source` with the paths of their pages; they must match the apps' urls.py.
PAGE_PATHS = {
    "basket": re.compile(LANGUAGE_PREFIX + r"/inquiry/basket/"),
    "product": re.compile(LANGUAGE_PREFIX + r"/products/(?!compare/)[^/]+/"),
    "article": re.compile(LANGUAGE_PREFIX + r"/news/(?!feed/)[^/]+/"),
    "contact": re.compile(LANGUAGE_PREFIX + r"/contacts/"),
}


def inquiry_source(path: str, has_basket: bool = False, has_contact: bool = False) -> str:
    """The value of `Inquiry.Source` for an inquiry from the page at `path`.

    A chosen contact takes precedence over a filled basket, and the basket over the page. "page" is
    any other or unknown page.
    """
    if has_contact:
        return "contact"
    if has_basket:
        return "basket"
    return next((kind for kind, pattern in PAGE_PATHS.items() if pattern.fullmatch(path)), "page")
