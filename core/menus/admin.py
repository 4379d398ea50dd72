"""The admin of the menus: each as a tree, and a form for an item."""

from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.admin.translated import TranslatedAdmin
from core.menus import services
from core.menus.entries import by_parent, default_items, find_link
from core.menus.forms import MenuItemForm
from core.menus.models import HEADING, URL, MenuItem, Place
from core.menus.services import Side, Step, TooDeepError
from core.menus.targets import PAGES, ROWS, Rows, find_rows

CHANGELIST = "admin:menus_menuitem_changelist"


class Button(NamedTuple):
    """A button that moves an item by a step."""

    value: Step
    sign: str
    label: str
    is_possible: bool


@dataclass
class Row:
    """An item in the tree of the admin, with its buttons."""

    item: MenuItem
    label: str
    target: str
    problems: list[str]
    children: "list[Row]"
    buttons: list[Button]
    may_contain: bool
    focused: str = ""


@admin.register(MenuItem)
class MenuItemAdmin(TranslatedAdmin):
    form = MenuItemForm
    fields = ["target", "url", "label", "open_in_new_tab"]
    search_fields = ["label"]

    @property
    def media(self) -> Media:
        select2 = AutocompleteSelect(MenuItem._meta.get_field("parent"), admin.site)
        return super().media + select2.media + Media(js=["admin/menu_item.js"])

    def get_urls(self) -> list[URLPattern]:
        def posted(view: Any, name: str) -> URLPattern:
            url_name = f"menus_menuitem_{name}"
            return path(f"{name}/", self.admin_site.admin_view(view), name=url_name)

        own = [posted(self.move, "move"), posted(self.start, "start"), posted(self.reset, "reset")]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The menu `?place=` as a tree."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        place = _parse_place(request.GET.get("place", Place.MAIN))
        stored = list(MenuItem.objects.filter(place=place))
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "opts": self.opts,
            "title": place.label,
            "place": place,
            "places": Place,
            "is_default": not stored,
            "rows": _build_rows(place, stored or default_items(place), request),
            "can_add": self.has_add_permission(request),
            "can_change": self.has_change_permission(request),
            "can_delete": self.has_delete_permission(request),
        }
        return TemplateResponse(request, "admin/menus/menuitem/change_list.html", context)

    @method_decorator(require_POST)
    def move(self, request: HttpRequest) -> HttpResponse:
        """Move an item: `12:up` by a step, `12:before:15` beside another one."""
        key, _colon, where = request.POST.get("move", "").partition(":")
        how, _colon, other_key = where.partition(":")
        item = self._find_item(request, key)
        try:
            if how in list(Step):
                services.move_item(item, Step(how))
            elif how in list(Side):
                services.drop_item(item, Side(how), self._find_item(request, other_key))
            else:
                raise Http404
        except TooDeepError:
            messages.error(request, _("This menu has no further level."))
        else:
            self.log_change(request, item, gettext_lazy("Moved in the menu."))
        return self._show_menu(item.place, moved=item.pk, by=how)

    @method_decorator(require_POST)
    def start(self, request: HttpRequest) -> HttpResponse:
        """Store the default items of a menu, so that they can be changed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        place = _parse_place(request.POST.get("place", ""))
        services.customize_menu(place)
        return self._show_menu(place)

    @method_decorator(require_POST)
    def reset(self, request: HttpRequest) -> HttpResponse:
        """Delete the items of a menu, which then has the default ones again."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        place = _parse_place(request.POST.get("place", ""))
        self.log_deletions(request, MenuItem.objects.filter(place=place))
        services.reset_menu(place)
        messages.success(request, _("This menu has its default items again."))
        return self._show_menu(place)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None:
            self._new_item(request)  # refuses a wrong place before the form is filled in
        hidden = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().changeform_view(
            request, object_id, form_url, {**hidden, **(extra_context or {})}
        )

    def save_model(self, request: HttpRequest, obj: MenuItem, form: Any, change: bool) -> None:
        if change:
            services.change_item(obj)
            return
        new = self._new_item(request)
        obj.place, obj.parent = new.place, new.parent
        services.add_item(obj)

    def delete_model(self, request: HttpRequest, obj: MenuItem) -> None:
        services.delete_item(obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        item = self.get_object(request, object_id)
        response = super().delete_view(request, object_id, extra_context)
        is_deleted = response.status_code == HTTPStatus.FOUND
        return self._show_menu(item.place) if item and is_deleted else response

    def response_post_save_add(self, request: HttpRequest, obj: MenuItem) -> HttpResponseRedirect:
        return self._show_menu(obj.place, moved=obj.pk)

    def response_post_save_change(
        self, request: HttpRequest, obj: MenuItem
    ) -> HttpResponseRedirect:
        return self._show_menu(obj.place, moved=obj.pk)

    def _new_item(self, request: HttpRequest) -> MenuItem:
        """An item for the place and below the parent that the URL names; 404 for a wrong one."""
        place = _parse_place(request.GET.get("place", Place.MAIN))
        parent: MenuItem | None = None
        if key := request.GET.get("parent"):
            tops = MenuItem.objects.filter(place=place, parent=None)
            if place.max_levels < 2 or not _is_key(key):
                raise Http404
            parent = get_object_or_404(tops, pk=key)
        return MenuItem(place=place, parent=parent)

    def _find_item(self, request: HttpRequest, key: str) -> MenuItem:
        if not _is_key(key):
            raise Http404
        item = get_object_or_404(MenuItem, pk=key)
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        return item

    def _show_menu(self, place: str, **parameters: Any) -> HttpResponseRedirect:
        query = urlencode({"place": place, **parameters})
        return HttpResponseRedirect(f"{reverse(CHANGELIST)}?{query}")


def _parse_place(value: str) -> Place:
    if value not in Place.values:
        raise Http404
    return Place(value)


def _is_key(value: str) -> bool:
    return value.isdecimal() and value.isascii() and len(value) < 19


def _build_rows(place: Place, items: list[MenuItem], request: HttpRequest) -> list[Row]:
    rows, children = find_rows(items), by_parent(items)
    moved, by = request.GET.get("moved"), request.GET.get("by", "")

    def build(item: MenuItem, siblings: list[MenuItem]) -> Row:
        below = children[item.pk] if item.pk else []
        has_room = place.max_levels > 1 and item.parent_id is None
        is_first, is_last = item == siblings[0], item == siblings[-1]
        buttons = [
            Button(Step.UP, "↑", _("Move up"), not is_first),
            Button(Step.DOWN, "↓", _("Move down"), not is_last),
        ]
        if place.max_levels > 1:
            buttons += [
                Button(
                    Step.IN,
                    "⇥",
                    _("Move below the item before"),
                    has_room and not is_first and not below,
                ),
                Button(Step.OUT, "⇤", _("Move out"), item.parent_id is not None),
            ]
        label, problems = _describe(item, rows)
        return Row(
            item,
            label,
            _describe_target(item, rows),
            problems,
            [build(child, below) for child in below],
            buttons,
            may_contain=has_room,
            focused=_find_focus(by, buttons) if moved == str(item.pk) else "",
        )

    return [build(item, children[None]) for item in children[None]]


def _find_focus(by: str, buttons: list[Button]) -> str:
    """The button that was used, or another one if it is no longer possible; else the item."""
    possible = [button.value for button in buttons if button.is_possible]
    if by in list(Step) and possible:
        return by if by in possible else possible[0]
    return "item"


def _describe(item: MenuItem, rows: Rows) -> tuple[str, list[str]]:
    """The label in the first language that has one, and in which languages it is not shown."""
    labels, hidden = [], defaultdict(list)
    for language, name in settings.LANGUAGES:
        link = find_link(item, rows, language)
        labels.append(link.label)
        if link.problem:
            hidden[link.problem].append(name)
    problems = []
    for problem, names in hidden.items():
        if len(names) == len(settings.LANGUAGES):
            text = _("Not shown: %(problem)s.") % {"problem": problem}
        else:
            values = {"languages": ", ".join(names), "problem": problem}
            text = _("Not shown in %(languages)s: %(problem)s.") % values
        problems.append(text)
    return next(filter(None, labels), _("(no label)")), problems


def _describe_target(item: MenuItem, rows: Rows) -> str:
    if page := PAGES.get(item.kind):
        return str(page.name)
    if item.kind == URL:
        return item.url
    if item.kind == HEADING:
        return _("Heading without a link")
    target, row = ROWS.get(item.kind), rows.get((item.kind, item.object_id))
    group = str(target.group) if target else item.kind
    return f"{group}: {row}" if row else group
