"""Reading the sitemap as a search engine does."""

import re

from django.test import Client


def last_part(visitor: Client, section: str) -> str:
    """The path of the last part of a section that the index lists, which has the newest rows."""
    index = visitor.get("/sitemap.xml").content.decode()
    parts = re.findall(rf"<loc>[^<]*(/sitemap-{section}\.xml[^<]*)</loc>", index)
    return str(parts[-1]).replace("&amp;", "&")


def read_sitemap(visitor: Client, section: str) -> str:
    return visitor.get(last_part(visitor, section)).content.decode()
