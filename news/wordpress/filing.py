"""The old site's categories and tags, in the newsroom's tree of two levels."""

from typing import TypeVar

from django.utils.translation import gettext as _

from core.slugs import unique_slug
from news.models import Category, Tag
from news.wordpress.addresses import Addresses, latin, old_paths
from news.wordpress.reading import Term
from news.wordpress.report import Report

Kind = TypeVar("Kind", Category, Tag)

NO_CATEGORY = "uncategorized"  # where WordPress puts what was put nowhere


class Filing:
    """Finds the category or tag that stands here for an old one, and makes what is missing."""

    def __init__(self, terms: dict[str, Term], addresses: Addresses, report: Report) -> None:
        self.terms, self.addresses, self.report = terms, addresses, report
        self.categories: dict[str, Category] = {}
        self.tags: dict[str, Tag] = {}
        self.moved: list[tuple[str, str]] = []

    def file(self, categories: list[Term], tags: list[Term]) -> tuple[Category | None, list[Tag]]:
        """The one category of an article and its tags, among them its other categories.

        Of several categories the one that lies deepest says most.
        """
        known = [term for term in categories if term.slug != NO_CATEGORY]
        known.sort(key=lambda term: -len(self._line(term)))
        if len(known) > 1:
            self.report.note(_("categories"), _("an article has one; its others became tags of it"))
        category = self.category(known[0]) if known else None
        return category, [self.tag(term) for term in [*known[1:], *tags]]

    def category(self, term: Term) -> Category:
        line = self._line(term)
        if len(line) > 2 and term.slug not in self.categories:
            self.report.note(
                line[-1].name,
                _("this category lay %(levels)d levels deep; it is now right below “%(top)s”")
                % {"levels": len(line), "top": line[0].name},
            )
        parent = self._category(line[:1], None) if len(line) > 1 else None
        return self._category(line, parent)

    def _category(self, line: list[Term], parent: Category | None) -> Category:
        """The category at the end of `line`."""
        term = line[-1]
        if term.slug not in self.categories:
            found = self._found(Category, term, 100)
            if found.pk is None:
                found.parent = parent
                found.save()
                self.report.count(_("categories"))
            self.categories[term.slug] = found
            path = "/".join(above.slug for above in line)
            self._move([f"/category/{path}", f"/category/{term.slug}"], found)
        return self.categories[term.slug]

    def tag(self, term: Term) -> Tag:
        if term.slug not in self.tags:
            found = self._found(Tag, term, 60)
            if found.pk is None:
                found.save()
                self.report.count(_("tags"))
            self.tags[term.slug] = found
            self._move([f"/tag/{term.slug}"], found)
        return self.tags[term.slug]

    def _move(self, old: list[str], row: Category | Tag) -> None:
        old = [f"{self.addresses.base}{path}" for path in old]
        self.addresses.add(old, row.get_absolute_url())
        self.moved += [(path, row.get_absolute_url()) for path in old_paths(old)]

    def _line(self, term: Term) -> list[Term]:
        """The categories from the top of the tree down to this one; a circle is cut open."""
        line = [self.terms.get(term.slug, term)]
        while (above := self.terms.get(line[0].parent)) and above not in line:
            line.insert(0, above)
        return line

    def _found(self, model: type[Kind], term: Term, longest: int) -> Kind:
        """The row that is called so or has this address, else a new one, not saved yet.

        Two names in another script may come to the same Latin letters: there the name decides.
        """
        name = (term.name or term.slug)[:longest]
        slug = latin(term.slug)
        rows = model.objects.all()
        found = rows.filter(slug=slug).first() if slug == term.slug else None
        found = found or rows.filter(name=name).first()
        return found or model(name=name, slug=unique_slug(model(), slug or name))
