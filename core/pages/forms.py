"""The form of a page: its fields, and an ordered list of the forms of its blocks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, Entry
from core.pages.block_kinds import block_kinds
from core.pages.models import Page
from core.pages.stored_blocks import ENTRIES, MAX_BLOCKS, MAX_ENTRIES, StoredBlock, new_id
from core.richtext.fields import RichTextFormField
from core.richtext.models import Picture
from core.richtext.widgets import language_of

ID = re.compile(r"[a-z][a-z0-9]{0,15}")

# The names of what the form of a page has beside the fields of its blocks.
ORDER = "block"  # the id of each block, in order
NEW_KIND = "new_block"
ACTION = "_block_action"


@dataclass
class BlockForm:
    """The form of a block with those of its entries. `form` is None for an unknown kind."""

    block_id: str
    kind: str
    hidden: bool
    stored: StoredBlock
    form: Block | None = None
    entries: list[Entry] = field(default_factory=list)
    is_new: bool = False

    @property
    def label(self) -> Any:
        return self.form.label if self.form else self.kind

    @property
    def has_entries(self) -> bool:
        return bool(self.form and self.form.entry)

    @property
    def forms(self) -> list[Entry]:
        return [*([self.form] if self.form else []), *self.entries]

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.forms if form.is_bound)

    @property
    def value(self) -> StoredBlock:
        """The block as it is stored, of valid forms."""
        if not self.form:
            return {**self.stored, "hidden": self.hidden}
        values = self.form.values()
        if self.form.entry:
            values[ENTRIES] = [{"id": e.entry_id, "values": e.values()} for e in self.entries]
        return {"kind": self.kind, "id": self.block_id, "hidden": self.hidden, "values": values}


class BlockForms:
    """The forms of all blocks of a page, from what is stored or from what was sent."""

    def __init__(self, stored: list[StoredBlock], data: Any = None, files: Any = None) -> None:
        self.stored = {block["id"]: block for block in stored}
        self.data, self.files = data, files
        self.is_bound = data is not None
        self.blocks = list(self._sent() if self.is_bound else map(_of_stored, stored))

    def __iter__(self) -> Iterator[BlockForm]:
        return iter(self.blocks)

    def is_valid(self) -> bool:
        # Of all of them, so that each shows its errors.
        invalid = [form for block in self.blocks for form in block.forms if not form.is_valid()]
        return not invalid

    @property
    def values(self) -> list[StoredBlock]:
        return [block.value for block in self.blocks]

    @property
    def rich_texts(self) -> Iterator[tuple[str, str]]:
        """Each rich text with its language, of valid forms."""
        for form in (form for block in self.blocks for form in block.forms):
            for name, each in form.fields.items():
                if isinstance(each, RichTextFormField):
                    yield (
                        language_of(each.widget.attrs.get("class", "")),
                        form.cleaned_data.get(name) or "",
                    )

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        """The kinds that can be added, with their labels."""
        return [(name, kind.label) for name, kind in block_kinds().items()]

    @property
    def media(self) -> forms.Media:
        """What the widgets of all kinds need, since blocks can be added without a new page."""
        media = forms.Media()
        for kind in block_kinds().values():
            media += kind("b", {}).media
            if kind.entry:
                media += kind.entry("b", {}).media
        return media

    def _sent(self) -> Iterator[BlockForm]:
        for block_id in _ids(self.data, ORDER, MAX_BLOCKS):
            name = self.data.get(f"{block_id}-kind", "")
            stored = self.stored.get(block_id, {"kind": name, "id": block_id, "values": {}})
            hidden = f"{block_id}-hidden" in self.data
            kind = block_kinds().get(name)
            if kind is None:
                if block_id in self.stored:
                    yield BlockForm(block_id, stored["kind"], hidden, stored)
                continue
            values = stored["values"] if stored["kind"] == name else {}
            form = kind(block_id, values, self.data, self.files)
            entries = list(self._sent_entries(block_id, kind.entry, values)) if kind.entry else []
            yield BlockForm(block_id, name, hidden, stored, form, entries)

    def _sent_entries(
        self, block_id: str, entry: type[Entry], values: dict[str, Any]
    ) -> Iterator[Entry]:
        stored = {each["id"]: each["values"] for each in values.get(ENTRIES, [])}
        for entry_id in _ids(self.data, f"{block_id}-entry", MAX_ENTRIES):
            yield entry(entry_id, stored.get(entry_id, {}), self.data, self.files)

    def act(self, action: str) -> None:
        """Add, move, copy or delete a block or an entry: `up:b1a2`.

        The forms keep what was typed, and show no errors yet. An unknown action does nothing.
        """
        for block in self.blocks:
            block.form = _unbound(block.form) if block.form else None
            block.entries = [_unbound(entry) for entry in block.entries]
        name, _colon, target = action.partition(":")
        if name == "add":
            self._add(self.data.get(NEW_KIND, ""))
        elif name == "add-entry":
            self._add_entry(target)
        elif name in MOVES:
            for items, get_id in self._lists():
                position = next((i for i, e in enumerate(items) if get_id(e) == target), None)
                if position is not None:
                    MOVES[name](items, position)

    def _lists(self) -> list[tuple[list[Any], Callable[[Any], str]]]:
        """All lists in which something can be moved."""
        return [
            (self.blocks, lambda block: block.block_id),
            *((block.entries, lambda entry: entry.entry_id) for block in self.blocks),
        ]

    def _add(self, kind_name: str) -> None:
        kind = block_kinds().get(kind_name)
        if kind and len(self.blocks) < MAX_BLOCKS:
            block = new_block(kind_name)
            self.blocks.append(_of_stored(block, is_new=True))

    def _add_entry(self, block_id: str) -> None:
        block = next((each for each in self.blocks if each.block_id == block_id), None)
        if block and block.form and block.form.entry and len(block.entries) < MAX_ENTRIES:
            block.entries.append(block.form.entry(new_id(), {}))


def new_block(kind: str) -> StoredBlock:
    """An empty block; one that repeats something has a first entry."""
    values: dict[str, Any] = {}
    if block_kinds()[kind].entry:
        values[ENTRIES] = [{"id": new_id(), "values": {}}]
    return {"kind": kind, "id": new_id(), "hidden": False, "values": values}


def _of_stored(block: StoredBlock, is_new: bool = False) -> BlockForm:
    kind = block_kinds().get(block["kind"])
    hidden = bool(block.get("hidden"))
    if kind is None:
        return BlockForm(block["id"], block["kind"], hidden, block)
    entries = [
        kind.entry(entry["id"], entry["values"])
        for entry in (block["values"].get(ENTRIES, []) if kind.entry else [])
        if kind.entry
    ]
    form = kind(block["id"], block["values"])
    return BlockForm(block["id"], block["kind"], hidden, block, form, entries, is_new)


def _ids(data: Any, name: str, limit: int) -> list[str]:
    ids = dict.fromkeys(each for each in data.getlist(name) if ID.fullmatch(each))
    return list(ids)[:limit]


def _unbound(form: Any, new: str = "") -> Any:
    typed = form.typed() if form.is_bound else form.initial
    return type(form)(new or form.entry_id, {} if new else form.stored, initial=typed)


def _copied(item: Any) -> Any:
    """A block or an entry once more, with ids of its own."""
    if isinstance(item, Entry):
        return _unbound(item, new_id())
    block_id = new_id()
    stored = {**item.stored, "id": block_id}
    form = item.form and _unbound(item.form, block_id)
    entries = [_unbound(entry, new_id()) for entry in item.entries]
    return BlockForm(block_id, item.kind, item.hidden, stored, form, entries, is_new=True)


def _move_up(items: list[Any], position: int) -> None:
    if position > 0:
        items[position - 1 : position + 1] = [items[position], items[position - 1]]


def _move_down(items: list[Any], position: int) -> None:
    if position + 1 < len(items):
        _move_up(items, position + 1)


def _copy(items: list[Any], position: int) -> None:
    if len(items) < MAX_BLOCKS:
        items.insert(position + 1, _copied(items[position]))


def _delete(items: list[Any], position: int) -> None:
    del items[position]


MOVES = {"up": _move_up, "down": _move_down, "copy": _copy, "delete": _delete}


class PageForm(forms.ModelForm):
    """Title, address and description of a page, with the forms of its blocks.

    With `action`, which is set for one request, it shows what was typed after that action.
    """

    action: str = ""
    sent: Any = None  # the data and the files that were sent with `action`

    cover = PictureField(label=capfirst(_("cover image")), required=False)

    class Meta:
        model = Page
        fields = ["title", "slug", "parent", "status", "is_home", "description", "cover"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.blocks or []
        data, files = self.sent or ((self.data, self.files) if self.is_bound else (None, None))
        self.blocks = BlockForms(stored, data, files)
        if self.sent:
            self.blocks.act(self.action)
            for name, each in self.fields.items():
                html_name = self.add_prefix(name)
                self.initial[name] = each.widget.value_from_datadict(data, files, html_name)
        if "parent" in self.fields and self.instance.pk:
            parents: Any = self.fields["parent"]
            below = Page.objects.filter(path__startswith=f"{self.instance.path}/").values("pk")
            parents.queryset = parents.queryset.exclude(pk=self.instance.pk).exclude(pk__in=below)

    @property
    def media(self) -> forms.Media:
        return super().media + self.blocks.media

    def is_multipart(self) -> bool:
        return True  # a block with a file may be added

    def clean_cover(self) -> Picture | None:
        return Picture.objects.filter(pk=self.cleaned_data["cover"]).first()

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).strip("/")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.blocks.is_valid():
            self.instance.blocks = self.blocks.values
        else:
            self.add_error(None, ValidationError(_("Correct the errors in the blocks.")))
        return cleaned

    @cached_property
    def changed_data(self) -> list[str]:
        changed = super().changed_data
        if not self.blocks.is_bound or not self.is_valid():
            return changed
        stored = list(self.blocks.stored.values())
        return [*changed, *(["blocks"] if self.blocks.values != stored else [])]
