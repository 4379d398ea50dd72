"""One post or page of the old site, written down as an article or a flat page."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils import timezone
from django.utils.translation import gettext as _

from core.richtext.cleaning import clean
from core.richtext.models import Picture
from news.models import Article, ImportedItem, Tag
from news.services.publishing import save_article
from news.wordpress.addresses import Addresses
from news.wordpress.asking import OldSite
from news.wordpress.export import Export
from news.wordpress.filing import Filing
from news.wordpress.markup import Text, convert
from news.wordpress.media import Pictures, delete_with_copies
from news.wordpress.reading import Item
from news.wordpress.report import Report

if TYPE_CHECKING:
    from news.wordpress.importing import Plan

PUBLISHED = {"publish", "future"}
TITLE_LENGTH = 200


class Writer:
    def __init__(self, export: Export, pictures: Pictures, author: str, report: Report) -> None:
        self.export, self.pictures, self.author, self.report = export, pictures, author, report
        self.covers: list[tuple[Storage, str]] = []

    def write(self, item: Item, plan: "Plan", addresses: Addresses, filing: Filing) -> None:
        """Make or overwrite what `plan` says, and remember it."""
        old = OldSite(self.export, item, self.pictures, addresses, self.report)
        text = convert(item.content, item.excerpt, old)
        if len(item.title) > TITLE_LENGTH:
            old.note(_("its title was cut to %(limit)d letters") % {"limit": TITLE_LENGTH})
        if item.password:
            old.note(_("it was locked by a password: it is a draft now"))
        before = plan.before or ImportedItem(source=self.export.source, key=item.id)
        if item.kind == "post":
            article = before.article or Article(slug=plan.slug)
            self._fill(article, item, text, old)
            article.category, tags = filing.file(item.categories, item.tags)
            has_new_cover = self._cover(article, old)
            before.article = self._save(article, tags, has_new_cover)
        else:
            before.page = self._page(item, before.page or FlatPage(url=plan.path), text, old)
        before.save()

    def _save(self, article: Article, tags: list[Tag], has_new_cover: bool) -> Article:
        if has_new_cover:
            Article._meta.get_field("cover").pre_save(article, add=False)
            self.covers.append((article.cover.storage, str(article.cover.name)))
        content = article.content_with_tags(tag.pk for tag in tags)
        return save_article(
            article, content, status=article.status, by=None, reason="", keep_pending=True
        )

    def forget(self) -> None:
        """Delete the files of covers, whose rows were rolled back."""
        for storage, name in self.covers:
            delete_with_copies(storage, name)

    def _fill(self, article: Article, item: Item, text: Text, old: OldSite) -> None:
        is_public = item.status in PUBLISHED and not item.password
        article.title = item.title[:TITLE_LENGTH] or _("Untitled")
        article.body = text.body  # type: ignore[assignment]
        article.summary = text.summary
        author = self.author or self.export.site.authors.get(item.author) or item.author
        article.author = author[:100] or Article._meta.get_field("author").default
        article.status = Article.Status.PUBLISHED if is_public else Article.Status.DRAFT
        article.publish_time = item.published or timezone.now()
        article.featured = item.sticky
        self._count(article.pk is not None, is_public, article.publish_time)

    def _cover(self, article: Article, old: OldSite) -> bool:
        """Give the article its cover; whether it is another than it had."""
        found = old.cover()
        if found is None:
            return False
        picture, alt = found
        article.cover_alt = alt[:200]
        if picture.digest in str(article.cover.name):
            return False
        article.cover = ContentFile(_bytes(picture), PurePosixPath(str(picture.file)).name)
        return True

    def _count(self, is_old: bool, is_public: bool, time: datetime) -> None:
        if is_old:
            self.report.count(_("articles overwritten"))
        elif not is_public:
            self.report.count(_("articles, as drafts"))
        elif time > timezone.now():
            self.report.count(_("articles, scheduled"))
        else:
            self.report.count(_("articles, published"))

    def _page(self, item: Item, page: FlatPage, text: Text, old: OldSite) -> FlatPage:
        """A flat page knows no draft: one that is not public stands on no site."""
        is_public = item.status == "publish" and not item.password
        self.report.count(_("pages overwritten") if page.pk else _("pages"))
        page.title = item.title[:TITLE_LENGTH] or _("Untitled")
        page.content = clean(text.body)
        page.save()
        page.sites.set([settings.SITE_ID] if is_public else [])
        if not is_public:
            old.note(_("this page is not public: it is kept, and shown to nobody"))
        return page


def _bytes(picture: Picture) -> bytes:
    with picture.file.open() as file:
        return bytes(file.read())
