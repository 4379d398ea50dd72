"""From what kind of page of the site an inquiry comes."""

import re

LANGUAGE = r"(?:/[a-z]{2,3}(?:-[a-z]+)?)?"  # what stands before the addresses of a translation

# Values of `Inquiry.Source`, each with the addresses of its pages, as urls.py of the apps has them.
PAGES = {
    "basket": re.compile(LANGUAGE + r"/inquiry/basket/"),
    "product": re.compile(LANGUAGE + r"/products/(?!compare/)[^/]+/"),
    "article": re.compile(LANGUAGE + r"/news/(?!feed/)[^/]+/"),
    "contact": re.compile(LANGUAGE + r"/contacts/"),
}


def source_of(page: str, has_basket: bool = False, has_contact: bool = False) -> str:
    """The kind of the page at the path `page`, one of `Inquiry.Source`.

    What is asked on somebody's card comes from the card, on whatever page it stands; else what is
    asked with a full basket comes from there. "page" is a page that is none of these, or not known.
    """
    if has_contact:
        return "contact"
    if has_basket:
        return "basket"
    return next((kind for kind, pages in PAGES.items() if pages.fullmatch(page)), "page")
