"""A WordPress export (WXR) as Python objects, one after the other, however long it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.text.html import html_to_text

EXCERPT = "/excerpt/"
CONTENT = "/modules/content/"
# What XML forbids, and WordPress lets through all the same.
CONTROLS = bytes(set(range(32)) - {9, 10, 13})


class UnreadableExportError(Exception):
    """The file is no WordPress export, or not a whole one; its text says which, in a sentence."""


@dataclass
class Term:
    """A category or tag in the head of the export."""

    slug: str
    name: str
    parent: str = ""


@dataclass
class Site:
    """The head of the export."""

    address: str = ""
    authors: dict[str, str] = field(default_factory=dict)  # by log-in
    categories: dict[str, Term] = field(default_factory=dict)  # by slug


@dataclass
class Item:
    """A post, a page, an attachment, or whatever else a plug-in keeps."""

    id: str
    kind: str
    title: str
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
    attachment: str
    comments: int
    categories: list[Term]
    tags: list[Term]
    meta: dict[str, str]


class _WithoutControls:
    """A file from which the characters that XML forbids are left out."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        # A piece of nothing else would look like the end of the file.
        return data.translate(None, CONTROLS) or (b" " if data else b"")


def read(path: Path) -> Iterator[Site | Item]:
    """The site, once what is known of it was read, then each item.

    Raises UnreadableExportError, when the damage is reached; so read to the end before anything is
    kept. Only one item is held in memory at a time.
    """
    try:
        with path.open("rb") as file:
            yield from _elements(_WithoutControls(file))
    except DefusedXmlException as error:
        raise UnreadableExportError(
            _("The file declares entities, which a WordPress export never does: it is not read.")
        ) from error
    except ParseError as error:
        raise UnreadableExportError(
            _("The file is damaged or was cut off at line %(line)d: export it again.")
            % {"line": error.position[0]}
        ) from error
    except OSError as error:
        raise UnreadableExportError(str(error)) from error


def _elements(file: _WithoutControls) -> Iterator[Site | Item]:
    site, is_export, is_told = Site(), False, False
    parents: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            parents.append(element)
            continue
        parents.pop()
        if len(parents) != 2:  # neither <rss>, <channel> nor what stands within their children
            continue
        name = _name(element)
        if name == "item":
            if not is_told:
                yield site
                is_told = True
            yield _item(element)
        elif name == "wxr_version":
            is_export = True
        else:
            _note(site, name, element)
        parents[-1].clear()  # what was read is let go
    if not is_export:
        raise UnreadableExportError(_("This is not a WordPress export: it names no WXR version."))
    if not is_told:
        yield site


def _name(element: Element) -> str:
    """The element's name without its namespace, of which each version of WXR has another."""
    namespace, _brace, name = element.tag.rpartition("}")
    if name == "encoded":
        return "excerpt" if EXCERPT in namespace else "content" if CONTENT in namespace else name
    return name


def _texts(element: Element) -> dict[str, str]:
    return {_name(child): (child.text or "").strip() for child in element}


def _note(site: Site, name: str, element: Element) -> None:
    """Take down what an element of the export's head says about the site."""
    texts = _texts(element)
    if name == "link" and not site.address:
        site.address = (element.text or "").strip()
    elif name == "base_blog_url" and element.text:
        site.address = element.text.strip()
    elif name == "author":
        site.authors[texts.get("author_login", "")] = html_to_text(
            texts.get("author_display_name", "")
        )
    elif name == "category" and texts.get("category_nicename"):
        slug = texts["category_nicename"]
        site.categories[slug] = Term(
            slug, html_to_text(texts.get("cat_name", "")), texts.get("category_parent", "")
        )


def _item(element: Element) -> Item:
    texts = _texts(element)
    terms: dict[str, list[Term]] = {"category": [], "post_tag": []}
    meta: dict[str, str] = {}
    comments = 0
    for child in element:
        name = _name(child)
        if name == "category" and child.get("domain") in terms:
            term = Term(child.get("nicename", ""), html_to_text(child.text or ""))
            terms[child.get("domain", "")].append(term)
        elif name == "postmeta":
            pair = _texts(child)
            meta[pair.get("meta_key", "")] = pair.get("meta_value", "")
        elif name == "comment":
            comments += 1
    return Item(
        id=texts.get("post_id") or texts.get("guid") or texts.get("link", ""),
        kind=texts.get("post_type", ""),
        title=html_to_text(texts.get("title", "")),
        link=texts.get("link", ""),
        guid=texts.get("guid", ""),
        slug=texts.get("post_name", ""),
        status=texts.get("status", ""),
        password=texts.get("post_password", ""),
        author=texts.get("creator", ""),
        content=texts.get("content", ""),
        excerpt=texts.get("excerpt", ""),
        published=_time(texts),
        sticky=texts.get("is_sticky") == "1",
        parent=texts.get("post_parent", ""),
        attachment=texts.get("attachment_url", ""),
        comments=comments,
        categories=terms["category"],
        tags=terms["post_tag"],
        meta=meta,
    )


def _time(texts: dict[str, str]) -> datetime | None:
    """When the item was published; a draft's `0000-00-00` is no time."""
    for name, zone in (("post_date_gmt", UTC), ("post_date", timezone.get_default_timezone())):
        try:
            time = datetime.strptime(texts.get(name, ""), "%Y-%m-%d %H:%M:%S")
            return time.replace(tzinfo=zone)
        except ValueError:
            continue
    return None
