"""Compares two versions of a page: its fields, and its blocks as lines of text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext
from modeltranslation.utils import build_localized_fieldname

from core.pages.block_forms import Entry
from core.pages.block_kinds import block_kinds
from core.pages.models import Page
from core.pages.stored_blocks import ENTRIES, StoredBlock, Values
from core.richtext.comparison import Change, compare_texts, html_to_text
from core.richtext.fields import RichTextFormField


def compare_versions(before: Any, after: Any) -> list[Change]:
    """The changed fields of two versions, and the changed texts of their blocks."""
    old, new = _describe(before), _describe(after)
    return [
        compare_texts(label, old[label], new[label]) for label in old if old[label] != new[label]
    ]


def changed_labels(before: Any, after: Any) -> list[str]:
    """The labels of what differs between two versions."""
    old, new = _describe(before), _describe(after)
    return [label for label in old if old[label] != new[label]]


def _describe(version: Any) -> dict[str, str]:
    """Each part of a version as plain text, by its label."""
    found = {}
    for name in ("title", "description"):
        for code in settings.MODELTRANSLATION_LANGUAGES:
            value = getattr(version, build_localized_fieldname(name, code))
            found[f"{_label(name)} [{code}]"] = value or ""
    found[_label("slug")] = version.slug
    found[_label("cover")] = str(version.cover_id or "")
    found[_label("blocks")] = "\n".join(_lines(version.blocks, ""))
    for code in settings.MODELTRANSLATION_LANGUAGES:
        found[f"{_label('blocks')} [{code}]"] = "\n".join(_lines(version.blocks, code))
    return found


def _label(name: str) -> str:
    field: Any = Page._meta.get_field(name)
    return capfirst(str(field.verbose_name))


def _lines(blocks: Iterable[StoredBlock], language: str) -> Iterator[str]:
    """The texts of the blocks in a language; without one, their kinds and other values."""
    kinds = block_kinds()
    for block in blocks:
        kind = kinds.get(block["kind"])
        label = str(kind.label) if kind else block["kind"]
        hidden = f" ({gettext('Hidden')})" if block.get("hidden") and not language else ""
        yield f"— {label}{hidden}"
        if kind is None:
            continue
        yield from _values(kind, block["values"], language)
        for entry in block["values"].get(ENTRIES, []) if kind.entry else []:
            yield f"  • {kind.entry_label}"
            if kind.entry:
                yield from _values(kind.entry, entry["values"], language)


def _values(form: type[Entry], values: Values, language: str) -> Iterator[str]:
    fields: Mapping[str, Any] = form.base_fields
    for name, field in fields.items():
        value = values.get(name)
        if (name in form.translated) != bool(language):
            continue
        if language:
            value = (value or {}).get(language)
            if value and isinstance(field, RichTextFormField):
                value = html_to_text(value)
        if value not in (None, "", []):
            yield f"  {field.label}: {value}"
