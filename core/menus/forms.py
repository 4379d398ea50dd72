"""The form of an item: its target is one field, which stands for two columns."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from core.menus.models import HEADING, URL, MenuItem
from core.menus.targets import PAGES, ROWS

DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+(/|\Z)")


def _target_choices() -> Iterator[tuple[Any, Any]]:
    """Every target as `kind` or `kind:key`, in groups."""
    yield "", "---------"
    yield _("Pages of the site"), [(kind, page.name) for kind, page in PAGES.items()]
    for kind, target in ROWS.items():
        rows = [(f"{kind}:{row.pk}", str(row)) for row in target.published()]
        if rows:
            yield target.group, rows
    yield _("Other"), [(URL, _("URL")), (HEADING, _("Heading without a link"))]


class MenuItemForm(forms.ModelForm):
    """What an item leads to, and its label in each language."""

    target = forms.ChoiceField(
        label=capfirst(_("target")),
        choices=_target_choices,
        widget=forms.Select(attrs={"class": "menu-target"}),
    )

    class Meta:
        model = MenuItem
        fields = ["url", "label", "open_in_new_tab"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.instance
        if item.kind:
            self.initial["target"] = (
                f"{item.kind}:{item.object_id}" if item.object_id else item.kind
            )

    def clean_url(self) -> str:
        """The URL; `https://` is added to one that begins with a domain."""
        url = self.cleaned_data["url"].strip()
        return f"https://{url}" if DOMAIN.match(url) else url

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        kind, _colon, key = data.get("target", "").partition(":")
        self.instance.kind = kind
        self.instance.object_id = int(key) if key else None
        if kind in (URL, HEADING) and not any(data.get(name) for name in self._label_names):
            self.add_error(self._label_names[0], _("Enter a label in at least one language."))
        if kind != URL:
            data |= {"url": "", "open_in_new_tab": False}
            self.errors.pop("url", None)
        elif not data.get("url") and "url" not in self.errors:
            self.add_error("url", _("Enter the URL."))
        return data

    @property
    def _label_names(self) -> list[str]:
        return [build_localized_fieldname("label", code) for code, _name in settings.LANGUAGES]
