"""Imports the old site's categories, into two levels, and its tags."""

from typing import TypeVar

from django.utils.translation import gettext as _

from core.slugs import unique_slug
from news.models import Category, Tag
from news.wordpress.report import ImportReport
from news.wordpress.url_map import UrlMap, latin_slug, redirect_paths
from news.wordpress.wxr import Term

CategoryOrTag = TypeVar("CategoryOrTag", Category, Tag)

NO_CATEGORY = "uncategorized"  # the category that WordPress uses for posts without one
MAX_CATEGORY_NAME_LENGTH = 100
MAX_TAG_NAME_LENGTH = 60


class TaxonomyImporter:
    """Finds or creates the category or tag for one of the old site.

    `redirects` lists pairs of an old and a new path.
    """

    def __init__(self, terms: dict[str, Term], url_map: UrlMap, report: ImportReport) -> None:
        self.terms, self.url_map, self.report = terms, url_map, report
        self.categories: dict[str, Category] = {}
        self.tags: dict[str, Tag] = {}
        self.tags_by_name: dict[str, Tag] = {}
        self.redirects: list[tuple[str, str]] = []

    def import_terms(
        self, categories: list[Term], tags: list[Term]
    ) -> tuple[Category | None, list[Tag]]:
        """The category of an article and its tags.

        Of several categories the deepest one becomes the category, the others become tags.
        """
        named = [term for term in categories if term.slug != NO_CATEGORY]
        named.sort(key=lambda term: -len(self._with_ancestors(term)))
        if len(named) > 1:
            self.report.note(
                _("categories"),
                _("an article can have only one category; the others were converted to tags"),
            )
        category = self._import_category(named[0]) if named else None
        imported = [self._import_category_as_tag(term) for term in named[1:]]
        imported += [self._import_tag(term) for term in tags]
        return category, list(dict.fromkeys(imported))

    def _import_category(self, term: Term) -> Category:
        path = self._with_ancestors(term)
        if len(path) > 2 and term.slug not in self.categories:
            self.report.note(
                path[-1].name,
                _(
                    "this category was nested %(levels)d levels deep; it is now "
                    "directly under “%(top)s”"
                )
                % {"levels": len(path), "top": path[0].name},
            )
        parent = self._get_or_create_category(path[:1], None) if len(path) > 1 else None
        return self._get_or_create_category(path, parent)

    def _get_or_create_category(self, path: list[Term], parent: Category | None) -> Category:
        """The category for the last term of `path`."""
        term = path[-1]
        if term.slug not in self.categories:
            category = self._find_or_build(Category, term, MAX_CATEGORY_NAME_LENGTH)
            if category.pk is None:
                category.parent = parent
                category.save()
                self.report.count(_("categories"))
            self.categories[term.slug] = category
            self._redirect(_category_paths(path), category)
        return self.categories[term.slug]

    def _import_category_as_tag(self, term: Term) -> Tag:
        tag = self._import_tag(term)
        if term.slug not in self.categories:
            self._redirect(_category_paths(self._with_ancestors(term)), tag)
        return tag

    def _import_tag(self, term: Term) -> Tag:
        if term.slug not in self.tags:
            tag = self._find_tag_by_name(term) or self._find_or_build(
                Tag, term, MAX_TAG_NAME_LENGTH
            )
            if tag.pk is None:
                tag.save()
                self.report.count(_("tags"))
            self.tags[term.slug] = self.tags_by_name[tag.name.casefold()] = tag
            self._redirect([f"/tag/{term.slug}", f"/?tag={term.slug}"], tag)
        return self.tags[term.slug]

    def _find_tag_by_name(self, term: Term) -> Tag | None:
        """The tag whose name differs from that of `term` by the case of its letters at most."""
        if not self.tags_by_name:
            self.tags_by_name = {tag.name.casefold(): tag for tag in Tag.objects.all() if tag.name}
        tag = self.tags_by_name.get((term.name or term.slug)[:MAX_TAG_NAME_LENGTH].casefold())
        if tag and tag.name != term.name:
            note = _("this tag became “%(name)s”, which differs in upper and lower case only")
            self.report.note(term.name, note % {"name": tag.name})
        return tag

    def _redirect(self, old_paths: list[str], target: Category | Tag) -> None:
        urls = [f"{self.url_map.base_path}{path}" for path in old_paths]
        self.url_map.add(urls, target.get_absolute_url())
        self.redirects += [(path, target.get_absolute_url()) for path in redirect_paths(urls)]

    def _with_ancestors(self, term: Term) -> list[Term]:
        """The categories from the top level down to `term`; a cycle is broken."""
        path = [self.terms.get(term.slug, term)]
        while (parent := self.terms.get(path[0].parent)) and parent not in path:
            path.insert(0, parent)
        return path

    def _find_or_build(
        self, model: type[CategoryOrTag], term: Term, max_length: int
    ) -> CategoryOrTag:
        """The row with the slug or the name of `term`, else a new one that is not saved yet.

        Two names in another script may have the same Latin slug: then only the name is compared.
        """
        name = (term.name or term.slug)[:max_length]
        slug = latin_slug(term.slug)
        rows = model.objects.all()
        found = rows.filter(slug=slug).first() if slug == term.slug else None
        found = found or rows.filter(name=name).first()
        return found or model(name=name, slug=unique_slug(model(), slug or name))


def _category_paths(path: list[Term]) -> list[str]:
    """The paths of the old pages of the last category in `path`."""
    slugs = "/".join(ancestor.slug for ancestor in path)
    paths = [f"/category/{slugs}", f"/category/{path[-1].slug}"]
    return [*paths, f"/?cat={path[-1].id}"] if path[-1].id else paths
