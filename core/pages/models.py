"""A page of the site that is made of blocks, such as the home page or *About us*."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config.env import PUBLIC_PATHS
from core.loading import QuicklyLoadedModel
from core.page_cache.changes import WatchedQuerySet
from core.page_cache.versions import EVERY_PAGE
from core.page_urls import page_url
from core.pages.redirects import add_redirects
from core.richtext.models import Picture
from core.search.index import update_index

CHANGED_TAG = "pages"
MAX_PATH_LENGTH = 200

validate_address = RegexValidator(
    r"^[-\w.~]+(/[-\w.~]+)*\Z",
    _("Use letters, digits, hyphens and underscores, with / between the parts."),
)


class PageQuerySet(WatchedQuerySet["Page"]):
    changed_tag = EVERY_PAGE  # one of the rows may be the home page: see core/pages/page_cache.py

    def published(self) -> "PageQuerySet":
        return self.filter(status=Page.Status.PUBLISHED)

    def visible_to(self, user: Any) -> "PageQuerySet":
        """The pages that a member of staff may see: all of them."""
        return self


class Page(QuicklyLoadedModel):
    """A page at `path`, which is the path of its parent followed by its own `slug`.

    `blocks` is its content in order, as core/pages/stored_blocks.py describes.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    title = models.CharField(_("title"), max_length=200)
    slug = models.CharField(
        _("address"),
        max_length=MAX_PATH_LENGTH,
        validators=[validate_address],
        help_text=_("The last part of the page's URL, such as “about-us”."),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent page"),
        help_text=_("The URL of this page begins with that of its parent."),
    )
    path = models.CharField(_("path"), max_length=MAX_PATH_LENGTH, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    is_home = models.BooleanField(
        _("home page"),
        default=False,
        help_text=_("Shown at the site's first address instead of its standard home page."),
    )
    description = models.TextField(
        _("search description"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences for search results and shared links."),
    )
    cover = models.ForeignKey(
        Picture,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cover image"),
    )
    blocks = models.JSONField(_("blocks"), default=list, blank=True, editable=False)
    updated_at = models.DateTimeField(_("last modified"), auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(
                fields=["is_home"],
                condition=models.Q(is_home=True),
                name="page_one_home",
                violation_error_message=_("Another page is the home page already."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def versions(self) -> models.QuerySet[Any]:
        """All saved versions, the newest first."""
        history: Any = self.history  # type: ignore[attr-defined]  # of django-simple-history
        versions: models.QuerySet[Any] = history.select_related("history_user")
        return versions.order_by("-history_id")

    def get_absolute_url(self) -> str:
        return page_url("home") if self.is_home else url_of_path(self.path)

    def clean(self) -> None:
        """Raises ValidationError for an address that is taken or belongs to another part."""
        super().clean()
        if self.parent and self.pk and self.pk in self.parent.line_of_parents():
            raise ValidationError({"parent": _("A page cannot be below itself.")})
        path = self._make_path()
        if len(path) > MAX_PATH_LENGTH:
            raise ValidationError({"slug": _("This address is too long.")})
        stored = Page.objects.filter(pk=self.pk).values_list("path", flat=True).first()
        if path != stored and not is_free(path):
            message = _("Addresses that begin with “%(start)s” belong to another part of the site.")
            raise ValidationError({"slug": message % {"start": path.split("/")[0]}})
        if Page.objects.filter(path=path).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": _("Another page already uses this URL.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the page; after a change of its path, redirect from the old ones.

        The pages below it move with it.
        """
        self.fill_path()
        with transaction.atomic():
            stored = None
            if self.pk:
                rows = Page.objects.filter(pk=self.pk).select_for_update(of=("self",))
                stored = rows.values_list("path", flat=True).first()
            super().save(*args, **kwargs)
            if stored and stored != self.path:
                self._move_children(stored)
            update_index(Page, [self.pk])

    def line_of_parents(self) -> Iterator[int]:
        """The keys of this page and of those above it."""
        page: Page | None = self
        while page is not None and page.pk:
            yield page.pk
            page = page.parent

    def fill_path(self) -> None:
        """Set the path from the parent and the slug."""
        self.path = self._make_path()

    def _make_path(self) -> str:
        slug = self.slug.strip("/")
        return f"{self.parent.path}/{slug}" if self.parent else slug

    def _move_children(self, old_path: str) -> None:
        moved = [(old_path, self.path)]
        below = list(Page.objects.filter(path__startswith=f"{old_path}/"))
        for page in below:
            old, page.path = page.path, f"{self.path}{page.path.removeprefix(old_path)}"
            moved.append((old, page.path))
        Page.objects.bulk_update(below, ["path"])
        urls = []
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                urls += [(url_of_path(old), url_of_path(new)) for old, new in moved]
        add_redirects(urls)


def url_of_path(path: str) -> str:
    """The URL of the page at `path` in the active language."""
    return f"{page_url('home')}{quote(path, safe='/~')}/"


def is_free(path: str) -> bool:
    """Whether a new page can be at `path`, because no other part of the site is there."""
    if path.split("/")[0] in {*PUBLIC_PATHS, settings.ADMIN_PATH}:
        return False
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return resolve(f"/{path}/").url_name == "page"
    except Resolver404:
        return False
