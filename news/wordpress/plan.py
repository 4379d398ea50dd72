"""The new URL of each post and page, planned before any is saved, since they link to each other."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from core.pages.models import Page
from news.models import Article, ImportedItem
from news.wordpress.export import Export, ItemSummary
from news.wordpress.report import ImportReport
from news.wordpress.url_map import UrlMap, first_free, is_free_for_pages, latin_slug, page_path


@dataclass
class ItemPlan:
    """The new `path` of a post or page, and the `slug` of an article.

    `imported` records what an earlier import created from it.
    """

    summary: ItemSummary
    path: str
    slug: str
    imported: ImportedItem | None = None

    @property
    def was_deleted(self) -> bool:
        """Whether it was imported before and deleted on this site since."""
        return bool(self.imported and not self.imported.article_id and not self.imported.page_id)


def plan_items(export: Export, report: ImportReport) -> dict[str, ItemPlan]:
    """A plan for each item of the export, by its id."""
    rows = ImportedItem.objects.filter(source=export.source)
    imported = {row.key: row for row in rows.select_related("article", "page")}
    plans: dict[str, ItemPlan] = {}
    taken: set[str] = set()
    for summary in export.items.values():
        imported_before = imported.get(summary.id)
        if summary.kind == "post":
            plan = _plan_article(summary, imported_before, taken)
        else:
            plan = _plan_page(summary, imported_before, export, taken, report)
        taken.add(plan.path)
        plans[summary.id] = plan
    return plans


def _plan_article(summary: ItemSummary, imported: ImportedItem | None, taken: set[str]) -> ItemPlan:
    if imported and imported.article:
        article = imported.article
        return ItemPlan(summary, article.get_absolute_url(), article.slug, imported)

    def is_taken(slug: str) -> bool:
        return _article_path(slug) in taken or Article.objects.filter(slug=slug).exists()

    slug = first_free(_slug(summary, "article"), is_taken)
    return ItemPlan(summary, _article_path(slug), slug, imported)


def _article_path(slug: str) -> str:
    return reverse("news:article", args=[slug])


def _plan_page(
    summary: ItemSummary,
    imported: ImportedItem | None,
    export: Export,
    taken: set[str],
    report: ImportReport,
) -> ItemPlan:
    if imported and imported.page:
        return ItemPlan(summary, f"/{imported.page.path}/", "", imported)
    base_path = UrlMap(export.site.url).base_path
    wanted = page_path(summary.urls[0], base_path, _slug(summary, "page"))
    path = first_free(wanted, _is_taken_by(taken))
    if path != wanted and not imported:
        reason = _("the old URL is already in use on this site; the new URL is %(path)s")
        report.note(summary.label, reason % {"path": f"/{path}/"})
    return ItemPlan(summary, f"/{path}/", "", imported)


def _is_taken_by(taken: set[str]) -> Callable[[str], bool]:
    def is_taken(path: str) -> bool:
        url = f"/{path}/"
        is_free = is_free_for_pages(url) and not Page.objects.filter(path=path).exists()
        return url in taken or not is_free

    return is_taken


def _slug(summary: ItemSummary, default: str) -> str:
    return latin_slug(summary.slug) or latin_slug(summary.title) or default
