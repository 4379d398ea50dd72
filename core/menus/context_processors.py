"""The menus for the templates of every page."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from core.menus.entries import Entry, Menu, known_menus
from core.menus.models import Place


class PageMenus:
    """The menus in the active language, with the entry of this page marked.

    The keys are what the menus of pages differ in, for `{% cache %}`.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _menus(self) -> dict[Place, Menu]:
        menus = known_menus.get()
        return menus.get(get_language() or "") or menus[settings.LANGUAGE_CODE]

    @cached_property
    def main_key(self) -> str:
        match = self._request.resolver_match
        section = match.app_name if match else ""
        return self._menus[Place.MAIN].current_key(self._request.path, section)

    @cached_property
    def footer_key(self) -> str:
        """Of the footer and the legal line, where an entry is current on its own page alone."""
        path = self._request.path
        return self._menus[Place.FOOTER].current_key(path, "") or self._menus[
            Place.LEGAL
        ].current_key(path, "")

    @property
    def main(self) -> tuple[Entry, ...]:
        return self._menus[Place.MAIN].marked(self.main_key)

    @property
    def has_submenus(self) -> bool:
        return any(entry.children for entry in self._menus[Place.MAIN].entries)

    @property
    def footer(self) -> tuple[Entry, ...]:
        return self._menus[Place.FOOTER].marked(self.footer_key)

    @property
    def legal(self) -> tuple[Entry, ...]:
        return self._menus[Place.LEGAL].marked(self.footer_key)


def menus(request: HttpRequest) -> dict[str, object]:
    """Add `menus`, which are read only if a template uses them."""
    return {"menus": PageMenus(request)}
