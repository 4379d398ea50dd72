"""Parses a WordPress export (WXR) of any length, one item at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import errors

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.text.html import html_to_text
from news.wordpress.escapes import repair_escapes
from news.wordpress.xml import XmlFile

EXCERPT_NAMESPACE = "/excerpt/"
CONTENT_NAMESPACE = "/modules/content/"
MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
# Until version 1.0, tags had another name.
DOMAINS = {"category": "category", "post_tag": "post_tag", "tag": "post_tag"}


class UnreadableExportError(Exception):
    """The file is not a WordPress export, or is damaged; the message is a sentence for the user."""


@dataclass
class Term:
    """A category or tag."""

    slug: str
    name: str
    parent: str = ""
    id: str = ""


@dataclass
class Site:
    """The head of the export."""

    url: str = ""
    authors: dict[str, str] = field(default_factory=dict)  # display names by user name
    categories: dict[str, Term] = field(default_factory=dict)  # by slug
    tags: dict[str, Term] = field(default_factory=dict)  # by slug


@dataclass
class Item:
    """A post, a page, an attachment, or an item of a plug-in."""

    id: str
    kind: str
    title: str
    title_has_markup: bool
    link: str
    guid: str
    slug: str
    status: str
    password: str
    author: str
    content: str
    excerpt: str
    published: datetime | None
    sticky: bool
    parent: str
    order: int
    attachment_url: str
    comments: int
    categories: list[Term]
    tags: list[Term]
    meta: dict[str, str]
    old_slugs: list[str]


def parse_export(path: Path, repair: bool = False) -> Iterator[Site | Item]:
    """The site, followed by each item; only one item is in memory at a time.

    With `repair`, errors that old versions of WordPress made are tolerated.

    Raises UnreadableExportError where the file is damaged: read to the end before saving anything.
    """
    try:
        with path.open("rb") as file:
            yield from _parse(XmlFile(file, repair))
    except DefusedXmlException as error:
        raise UnreadableExportError(
            _(
                "The file contains entity declarations, which WordPress exports "
                "never do. It was not imported."
            )
        ) from error
    except ParseError as error:
        raise UnreadableExportError(
            _("The file is damaged or incomplete at line %(line)d. Export it again.")
            % {"line": error.position[0]}
        ) from error
    except OSError as error:
        raise UnreadableExportError(str(error)) from error


def _parse(file: XmlFile) -> Iterator[Site | Item]:
    site, is_export, site_was_yielded = Site(), False, False
    parents: list[Element] = []
    for event, element in _read_elements(file):
        if event == "start":
            parents.append(element)
            continue
        parents.pop()
        if len(parents) != 2:  # only the children of <channel>
            continue
        name = _name(element)
        if name == "item":
            if not site_was_yielded:
                yield site
                site_was_yielded = True
            yield _parse_item(element)
        elif name == "wxr_version":
            is_export = True
        else:
            _read_site_element(site, name, element)
        parents[-1].clear()  # frees the memory
    if not is_export:
        raise UnreadableExportError(
            _("This is not a WordPress export: the WXR version is missing.")
        )
    if not site_was_yielded:
        yield site


def _read_elements(file: XmlFile) -> Iterator[tuple[str, Element]]:
    """The events of the parser; what follows the root element, such as a warning, is ignored."""
    depth = 0
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            yield event, element
    except ParseError as error:
        if error.code != errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT] or depth:
            raise


def _name(element: Element) -> str:
    """The element's name without its namespace, which differs between versions of WXR."""
    namespace, _brace, name = element.tag.rpartition("}")
    if name == "encoded" and EXCERPT_NAMESPACE in namespace:
        return "excerpt"
    if name == "encoded" and CONTENT_NAMESPACE in namespace:
        return "content"
    return name


def _texts(element: Element) -> dict[str, str]:
    return {_name(child): (child.text or "").strip() for child in element}


def _read_site_element(site: Site, name: str, element: Element) -> None:
    """Add the information in an element of the export's head to `site`."""
    texts = _texts(element)
    if name == "link" and not site.url:
        site.url = (element.text or "").strip()
    elif name == "base_blog_url" and element.text:
        site.url = element.text.strip()
    elif name == "author":
        site.authors[texts.get("author_login", "")] = _plain(texts.get("author_display_name", ""))
    elif name == "category" and texts.get("category_nicename"):
        slug = texts["category_nicename"]
        site.categories[slug] = Term(
            slug,
            _plain(texts.get("cat_name", "")),
            texts.get("category_parent", ""),
            texts.get("term_id", ""),
        )
    elif name == "tag" and texts.get("tag_slug"):
        slug = texts["tag_slug"]
        site.tags[slug] = Term(
            slug, _plain(texts.get("tag_name", "")), "", texts.get("term_id", "")
        )


def _parse_item(element: Element) -> Item:
    texts = _texts(element)
    meta: dict[str, str] = {}
    old_slugs: list[str] = []
    comments = 0
    for child in element:
        name = _name(child)
        if name == "postmeta":
            pair = _texts(child)
            meta[pair.get("meta_key", "")] = pair.get("meta_value", "")
            if pair.get("meta_key") == "_wp_old_slug":
                old_slugs.append(pair.get("meta_value", ""))
        elif name == "comment":
            comments += 1
    title = texts.get("title", "")
    order = texts.get("menu_order", "")
    return Item(
        id=texts.get("post_id") or texts.get("guid") or texts.get("link", ""),
        kind=texts.get("post_type", ""),
        title=_plain(title),
        title_has_markup=bool(MARKUP.search(title)),
        link=texts.get("link", ""),
        guid=texts.get("guid", ""),
        slug=texts.get("post_name", ""),
        status=texts.get("status", ""),
        password=texts.get("post_password", ""),
        author=texts.get("creator", ""),
        content=texts.get("content", ""),
        excerpt=texts.get("excerpt", ""),
        published=_publish_time(texts),
        sticky=texts.get("is_sticky") == "1",
        parent=texts.get("post_parent", ""),
        order=int(order) if order.isdecimal() else 0,
        attachment_url=texts.get("attachment_url", ""),
        comments=comments,
        categories=_terms(element, "category"),
        tags=_terms(element, "post_tag"),
        meta=meta,
        old_slugs=old_slugs,
    )


def _terms(element: Element, domain: str) -> list[Term]:
    """The item's categories or tags, each once.

    Old versions of WordPress write each of them twice, the first time by name only.
    """
    terms: dict[str, Term] = {}
    for child in element:
        if _name(child) == "category" and DOMAINS.get(child.get("domain", "category")) == domain:
            slug = child.get("nicename", "").strip()
            name = _plain(child.text or "")
            if slug or name not in {term.name for term in terms.values()}:
                terms.setdefault(slug or name, Term(slug, name))
    named = {term.name for term in terms.values() if term.slug}
    return [
        term if term.slug else Term(slugify(term.name, allow_unicode=True) or term.name, term.name)
        for term in terms.values()
        if term.slug or term.name not in named
    ]


def _plain(html: str) -> str:
    return html_to_text(repair_escapes(html))


def _publish_time(texts: dict[str, str]) -> datetime | None:
    """When the item was published; None for a draft, which has `0000-00-00`."""
    for name, zone in (("post_date_gmt", UTC), ("post_date", timezone.get_default_timezone())):
        try:
            time = datetime.strptime(texts.get(name, ""), "%Y-%m-%d %H:%M:%S")
            return time.replace(tzinfo=zone)
        except ValueError:
            continue
    return None
