"""Saves one post or page of the old site as an article or a page."""

from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils import timezone
from django.utils.translation import gettext as _

from core.pages.models import Page
from core.pages.services import save_page
from core.pages.stored_blocks import text_block
from core.richtext.cleaning import clean_html
from core.richtext.models import Picture
from news.models import Article, ImportedItem, Tag
from news.services.publishing import save_article
from news.wordpress.export import Export
from news.wordpress.files import FileImporter
from news.wordpress.item_context import ItemContext
from news.wordpress.markup import ConvertedText, convert_markup
from news.wordpress.pictures import delete_with_renditions
from news.wordpress.plan import ItemPlan
from news.wordpress.report import ImportReport
from news.wordpress.taxonomy import TaxonomyImporter
from news.wordpress.url_map import UrlMap
from news.wordpress.wxr import Item

PUBLIC_STATUSES = {"publish", "future"}
MAX_TITLE_LENGTH = 200


class ItemWriter:
    """Saves items as articles and pages; `author` replaces the authors in the export."""

    def __init__(
        self, export: Export, files: FileImporter, author: str, report: ImportReport
    ) -> None:
        self.export, self.files, self.author, self.report = export, files, author, report
        self.covers: list[tuple[Storage, str]] = []

    def write(
        self, item: Item, plan: ItemPlan, url_map: UrlMap, taxonomy: TaxonomyImporter
    ) -> None:
        """Create or overwrite the article or page, and record it as imported."""
        context = ItemContext(self.export, item, self.files, url_map, self.report)
        text = convert_markup(item.content, item.excerpt, context)
        if not item.title:
            context.note(_("had no title; imported as “%(title)s”") % {"title": _("Untitled")})
        if item.title_has_markup:
            context.note(_("markup removed from the title"))
        if len(item.title) > MAX_TITLE_LENGTH:
            context.note(_("title shortened to %(limit)d characters") % {"limit": MAX_TITLE_LENGTH})
        imported = plan.imported or ImportedItem(source=self.export.source, key=item.id)
        if item.kind == "post":
            if item.password:
                context.note(_("was password-protected; imported as a draft"))
            elif item.status == "private":
                context.note(_("was private; imported as a draft"))
            article = imported.article or Article(slug=plan.slug)
            imported.article = self._write_article(article, item, text, context, taxonomy)
        else:
            page = imported.page or Page(slug=plan.path.strip("/"))
            imported.page = self._write_page(page, item, text, context)
        imported.save()

    def delete_covers(self) -> None:
        """Delete the files of covers after their rows were rolled back."""
        for storage, name in self.covers:
            delete_with_renditions(storage, name)

    def _write_article(
        self,
        article: Article,
        item: Item,
        text: ConvertedText,
        context: ItemContext,
        taxonomy: TaxonomyImporter,
    ) -> Article:
        author = self.author or self.export.site.authors.get(item.author) or item.author
        article.title = item.title[:MAX_TITLE_LENGTH] or _("Untitled")
        article.body = text.body  # type: ignore[assignment]  # the stubs know CKEditor's field only
        article.summary = text.summary
        article.author = author[:100] or Article._meta.get_field("author").default
        article.publish_time = item.published or timezone.now()
        article.featured = item.sticky
        article.category, tags = taxonomy.import_terms(item.categories, item.tags)
        self._set_cover(article, context)
        is_public = item.status in PUBLIC_STATUSES and not item.password
        if is_public and not text.body and not article.cover:
            context.note(_("has no content; imported as a draft"))
            is_public = False
        self._count(article.pk is not None, is_public, article.publish_time)
        return self._save(article, tags, is_public)

    def _save(self, article: Article, tags: list[Tag], is_public: bool) -> Article:
        return save_article(
            article,
            article.content_with_tags(tag.pk for tag in tags),
            status=Article.Status.PUBLISHED if is_public else Article.Status.DRAFT,
            by=None,
            reason="",
            keep_pending=True,
        )

    def _set_cover(self, article: Article, context: ItemContext) -> None:
        """Set the cover and write its file to the storage, unless the article already has it."""
        found = context.find_cover()
        if found is None:
            return
        picture, alt = found
        article.cover_alt = alt[:200]
        if picture.digest not in str(article.cover.name):
            name = PurePosixPath(str(picture.file)).name
            article.cover = ContentFile(_read(picture), name)
            Article._meta.get_field("cover").pre_save(article, add=False)
            self.covers.append((article.cover.storage, str(article.cover.name)))

    def _count(self, existed: bool, is_public: bool, publish_time: datetime) -> None:
        if existed:
            self.report.count(_("articles overwritten"))
        elif not is_public:
            self.report.count(_("articles (draft)"))
        elif publish_time > timezone.now():
            self.report.count(_("articles (scheduled)"))
        else:
            self.report.count(_("articles (published)"))

    def _write_page(
        self, page: Page, item: Item, text: ConvertedText, context: ItemContext
    ) -> Page:
        """Save a page with one block; as a draft if it is not public."""
        is_public = item.status == "publish" and not item.password
        self.report.count(_("pages overwritten") if page.pk else _("pages"))
        page.title = item.title[:MAX_TITLE_LENGTH] or _("Untitled")
        page.status = Page.Status.PUBLISHED if is_public else Page.Status.DRAFT
        page.blocks = [text_block({settings.LANGUAGE_CODE: clean_html(text.body)})]
        save_page(page, by=None)
        if not is_public:
            context.note(_("this page was not public: imported as hidden"))
        return page


def _read(picture: Picture) -> bytes:
    with picture.file.open() as file:
        return bytes(file.read())
