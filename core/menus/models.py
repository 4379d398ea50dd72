"""The items of the menus."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.menus.urls import validate_menu_url
from core.page_cache.changes import WatchedQuerySet
from core.page_cache.versions import EVERY_PAGE


class Place(models.TextChoices):
    """Where a menu is on every page."""

    MAIN = "main", _("Main menu")
    FOOTER = "footer", _("Footer")
    LEGAL = "legal", _("Legal line")

    @property
    def max_levels(self) -> int:
        """The number of levels: a submenu below the main menu, groups in the footer."""
        return 1 if self == Place.LEGAL else 2


URL = "url"
HEADING = "heading"


class MenuItemQuerySet(WatchedQuerySet["MenuItem"]):
    changed_tag = EVERY_PAGE


class MenuItem(models.Model):
    """A link in a menu, or a heading above other items.

    `kind` and `object_id` name what it leads to (core/menus/targets.py), which may no longer exist.
    """

    place = models.CharField(_("menu"), max_length=10, choices=Place)
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent item"),
    )
    parent_id: int | None
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind of target"), max_length=40)
    object_id = models.BigIntegerField(null=True, blank=True)
    url = models.CharField(
        _("URL"),
        max_length=500,
        blank=True,
        validators=[validate_menu_url],
        help_text=_("Such as https://example.com/, mailto:info@example.com or /news/feed/."),
    )
    label = models.CharField(
        _("label"),
        max_length=60,
        blank=True,
        help_text=_(
            "If empty, the name of the target. A URL or a heading is shown only in the languages "
            "in which it has a label."
        ),
    )
    open_in_new_tab = models.BooleanField(_("open in a new tab"), default=False)

    objects = MenuItemQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("menu item")
        verbose_name_plural = _("menus")

    def __str__(self) -> str:
        return self.label or self.url or f"{self.kind} {self.object_id or ''}".strip()
