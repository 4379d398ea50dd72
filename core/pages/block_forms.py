"""What the kinds of blocks have in common: the form with which a block is edited.

A kind is a module in the package `blocks` of an app, with one subclass of `Block`, and the template
`blocks/<name of the module>.html`. docs/develop.md describes how to add one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from core.page_cache.views import NextChange
from core.pages.stored_blocks import Values

# A path has no second slash at its start, with which a browser would open another site.
LINK = re.compile(r"/(?![/\\])[^\s\\]*|#[^\s]*|https?://[^\s/][^\s]*|(mailto|tel):[^\s]+")


class Entry(forms.Form):
    """The fields of a block, or of something that it repeats, such as a question.

    Those in `translated` have a text in each language.
    """

    translated: ClassVar[Sequence[str]] = ()

    def __init__(
        self,
        entry_id: str,
        stored: Values,
        data: Any = None,
        files: Any = None,
        initial: Any = None,
    ) -> None:
        super().__init__(data, files, prefix=entry_id, use_required_attribute=False)
        self.entry_id, self.stored = entry_id, stored
        self.fields = _in_all_languages(self.fields, self.translated)
        self.initial = self._initial() if initial is None else initial

    def _initial(self) -> Values:
        initial: Values = {}
        for name, field in self.base_fields.items():
            value = self.stored.get(name, field.initial)
            if name not in self.translated:
                initial[name] = value
                continue
            texts = value if isinstance(value, Mapping) else {}
            for code in settings.MODELTRANSLATION_LANGUAGES:
                initial[build_localized_fieldname(name, code)] = texts.get(code, "")
        return initial

    def typed(self) -> Values:
        """What was typed, valid or not, to show the form again without errors."""
        values = {}
        for name, field in self.fields.items():
            html_name = self.add_prefix(name)
            values[name] = field.widget.value_from_datadict(self.data, self.files, html_name)
        return values

    def values(self) -> Values:
        """The cleaned values, as they are stored; texts in inactive languages are kept."""
        values: Values = {}
        for name in self.base_fields:
            if name not in self.translated:
                values[name] = self.to_stored(name, self.cleaned_data.get(name))
                continue
            stored = self.stored.get(name)
            texts = dict(stored) if isinstance(stored, Mapping) else {}
            for code in settings.MODELTRANSLATION_LANGUAGES:
                texts[code] = self.cleaned_data.get(build_localized_fieldname(name, code)) or ""
            values[name] = {code: text for code, text in texts.items() if text}
        return values

    def to_stored(self, name: str, value: Any) -> Any:
        """A cleaned value as JSON can have it: rows of the database by their keys."""
        if hasattr(value, "pk"):
            return value.pk
        if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
            return [getattr(each, "pk", each) for each in value]
        return value


class Block(Entry):
    """The form of a block; a subclass in a module `blocks` of an app is a kind of blocks.

    `entry` is the form of what it repeats. `tags`, `next_change` and `lifetime` are those of
    `cached_page` for a page that has such a block.
    """

    kind: ClassVar[str] = ""  # the name of its module
    label: ClassVar[str | Promise] = ""
    order: ClassVar[int] = 1000  # in the list of kinds
    entry: ClassVar[type[Entry] | None] = None
    entry_label: ClassVar[str | Promise] = ""
    # Style sheets and scripts, of which a page has each one once.
    styles: ClassVar[Sequence[str]] = ()
    scripts: ClassVar[Sequence[str]] = ()
    tags: ClassVar[Sequence[str]] = ()
    next_change: ClassVar[NextChange | None] = None
    lifetime: ClassVar[timedelta | None] = None

    @classmethod
    def prepare(cls, blocks: list[dict[str, Any]], request: HttpRequest) -> None:
        """Add to the shown blocks of this kind what the template needs, in queries for all of them.

        Each block is a dict of its values, with texts in the active language and pictures of the
        library. A key `policy` is added to the Content Security Policy of the page.
        """


def _in_all_languages(
    fields: dict[str, forms.Field], translated: Sequence[str]
) -> dict[str, forms.Field]:
    """The fields, with one for each language in place of a translated one."""
    found: dict[str, forms.Field] = {}
    for name, field in fields.items():
        if name not in translated:
            found[name] = field
            continue
        for code in settings.MODELTRANSLATION_LANGUAGES:
            localized = build_localized_fieldname(name, code)
            copy = deepcopy(field)
            copy.label = f"{field.label} [{code}]"
            copy.required = field.required and code == settings.LANGUAGE_CODE
            # The class by which language_tabs.js and the editor know the language.
            suffix = localized.removeprefix(f"{name}_")
            classes = f"{copy.widget.attrs.get('class', '')} mt mt-field-{name}-{suffix}"
            copy.widget.attrs |= {"class": classes.strip(), "dir": "auto"}
            found[localized] = copy
    return found


class TextInput(forms.TextInput):
    def __init__(self) -> None:
        super().__init__(attrs={"class": "vTextField"})


class TextArea(forms.Textarea):
    def __init__(self, rows: int = 3) -> None:
        super().__init__(attrs={"class": "vLargeTextField", "rows": rows})


def line(
    label: Any, *, required: bool = False, max_length: int = 200, **options: Any
) -> forms.CharField:
    """A field for a line of text."""
    return forms.CharField(
        label=label, required=required, max_length=max_length, widget=TextInput(), **options
    )


def validate_link(value: str) -> None:
    """Raise ValidationError for anything but a path of this site, a URL, e-mail or phone number."""
    if not LINK.fullmatch(value):
        raise ValidationError(
            _("Enter a path such as /products/, a full URL, or mailto: or tel: with an address.")
        )


def link_field(label: Any, **options: Any) -> forms.CharField:
    """A field for the target of a link: a path of this site, or a URL."""
    return line(label, max_length=500, validators=[validate_link], **options)


def number_of_items(initial: int, maximum: int = 12) -> forms.IntegerField:
    """A field for how many rows are shown."""
    return forms.IntegerField(
        label=_("Number"), min_value=1, max_value=maximum, initial=initial, required=False
    )


def paragraph(
    label: Any, *, required: bool = False, max_length: int = 2000, rows: int = 3, **options: Any
) -> forms.CharField:
    """A field for some lines of plain text."""
    return forms.CharField(
        label=label, required=required, max_length=max_length, widget=TextArea(rows), **options
    )
