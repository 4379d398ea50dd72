"""Wide tables in rich texts, which scroll by themselves."""

from django.utils.html import format_html
from django.utils.translation import gettext


def make_scrollable(html: str) -> str:
    """The output of clean_html() with each table in a region that the keyboard can scroll."""
    if "<table" not in html:
        return html
    region = '<div class="table-scroll" role="region" tabindex="0" aria-label="{}"><table'
    opening = format_html(region, gettext("Table"))
    return html.replace("<table", opening).replace("</table>", "</table></div>")
