"""The kinds of objects that can be searched."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.text import capfirst

MAX_KIND_NUMBER = 127


def _no_texts(row: Any, language: str) -> Iterable[str]:
    return ()


def _no_numbers(row: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A model whose objects can be found, and which of their texts are searched.

    An app passes it to `index.register` in a module that its AppConfig.ready() imports.

    `title`, `summary` and `html` name fields, translated or not; the last two may be empty.
    `get_keywords` returns the keywords of an object in one language, `get_details` texts that count
    as those in `html`, and `get_numbers` its model numbers; for them, the relations in
    `keyword_relations` are prefetched. `date` names the field that puts the newest of equal
    results first; of equal ones of different kinds, the lowest `order` comes first. `template`
    shows one result, with its object as `object` and its highlighted `title` and `excerpt`; for it,
    `select_related` is joined and `detail_relations` are prefetched.

    `number` is part of the stored index: it must never be reused for another model.
    """

    number: int
    model: type[Model]
    published: Callable[[], QuerySet[Any]]
    title: str
    summary: str = ""
    html: str = ""
    get_keywords: Callable[[Any, str], Iterable[str]] = _no_texts
    get_details: Callable[[Any, str], Iterable[str]] = _no_texts
    get_numbers: Callable[[Any], Iterable[str]] = _no_numbers
    keyword_relations: tuple[str, ...] = ()
    detail_relations: tuple[str, ...] = ()
    date: str = ""
    order: int = 10
    template: str = ""
    select_related: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the kind in a URL."""
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        """What visitors see above results of this kind."""
        return str(capfirst(self.model._meta.verbose_name_plural))


_kinds: dict[type[Model], Kind] = {}


def add_kind(kind: Kind) -> None:
    """Add a kind; raises ValueError if its number is too large or belongs to another model."""
    others = {other.number for other in _kinds.values() if other.model is not kind.model}
    if not 0 < kind.number <= MAX_KIND_NUMBER or kind.number in others:
        raise ValueError(f"{kind.number} cannot be the number of {kind.model.__name__}.")
    _kinds[kind.model] = kind


def all_kinds() -> list[Kind]:
    """Every registered kind, in the order in which results are shown."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def kind_of(model: type[Model]) -> Kind:
    """The kind that was registered for `model`; raises KeyError if there is none."""
    return _kinds[model]
