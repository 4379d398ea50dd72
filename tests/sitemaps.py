"""Reading the sitemap as a search engine does."""

import re

from django.test import Client


def read_sitemap(visitor: Client, section: str) -> str:
    """The last part of a section that the index lists."""
    index = visitor.get("/sitemap.xml").content.decode()
    parts = re.findall(rf"<loc>http://testserver(/sitemap-{section}\.xml[^<]*)</loc>", index)
    return visitor.get(parts[-1].replace("&amp;", "&")).content.decode()
