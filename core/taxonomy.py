"""The category tree that news and products share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.loading import QuicklyLoadedModel
from core.slugs import SluggedModel


@dataclass(frozen=True)
class Branch:
    """A category and the branches below it."""

    category: Any
    children: "list[Branch]"

    @property
    def ids(self) -> list[int]:
        """The primary keys of the category and of all below it."""
        return [self.category.pk, *(pk for child in self.children for pk in child.ids)]

    def find(self, slug: str) -> "Branch | None":
        """This branch or one below it whose category has this slug."""
        if self.category.slug == slug:
            return self
        return find_branch(self.children, slug)


def find_branch(branches: "list[Branch]", slug: str) -> Branch | None:
    """The branch whose category has this slug, on any level."""
    return next(filter(None, (branch.find(slug) for branch in branches)), None)


def build_tree(categories: Iterable[Any]) -> list[Branch]:
    """The branches of the top level, with the other categories below."""
    branches = {category.pk: Branch(category, []) for category in categories}
    roots = []
    for branch in branches.values():
        if parent := branches.get(branch.category.parent_id):
            branch.category.parent = parent.category
            parent.children.append(branch)
        else:
            roots.append(branch)
    return roots


class AbstractCategory(QuicklyLoadedModel, SluggedModel):
    """A category in a tree of at most `MAX_LEVELS` levels."""

    MAX_LEVELS: ClassVar[int]
    too_deep_message: ClassVar[str | Promise]

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=120, unique=True, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent category"),
    )
    parent_id: int | None
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Lower numbers come first.")
    )

    class Meta:
        abstract = True
        ordering = ["order", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="%(app_label)s_category_not_its_own_parent",
                violation_error_message=_("A category cannot be its own parent."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def with_ancestors(self) -> list[Any]:
        """This category and its ancestors, from the top level down."""
        path: list[Any] = []
        category: Any = self
        while category is not None and category not in path:
            path.insert(0, category)
            category = category.parent
        return path

    def clean(self) -> None:
        """Raise ValidationError for a parent that makes a cycle or too many levels.

        The database constraint rejects a category that is its own parent.
        """
        super().clean()
        if self.parent is None or self.parent == self:
            return
        ancestors = self.parent.with_ancestors()
        if self.pk and self in ancestors:
            raise ValidationError(
                {
                    "parent": _(
                        "Select another parent: this category is a subcategory of the current one."
                    )
                }
            )
        if len(ancestors) + self._count_levels() > self.MAX_LEVELS:
            raise ValidationError({"parent": self.too_deep_message})

    def _count_levels(self) -> int:
        """The number of levels of the tree under this category, including its own."""
        if not self.pk:
            return 1
        categories: Any = type(self)._default_manager
        levels, below = 1, categories.filter(parent=self)
        while levels <= self.MAX_LEVELS and below.exists():
            levels += 1
            below = categories.filter(parent__in=below)
        return levels
