"""Redirects from the old paths of pages that have moved."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.db import transaction

BATCH_SIZE = 500  # databases limit the number of parameters


def add_redirects(moved: Iterable[tuple[str, str]]) -> None:
    """Redirect permanently from each old path to its new one.

    Existing redirects to an old path are changed to its new path, so that there are no chains. A
    redirect from a new path is deleted, because that path has a page again.
    """
    targets = _without_chains(moved)
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID)
    with transaction.atomic():
        for paths in _batches(set(targets.values())):
            redirects.filter(old_path__in=paths).delete()
        for paths in _batches(targets):
            earlier = list(redirects.filter(new_path__in=paths))
            for redirect in earlier:
                redirect.new_path = targets[redirect.new_path]
            Redirect.objects.bulk_update(earlier, ["new_path"])
        Redirect.objects.bulk_create(
            [
                Redirect(site_id=settings.SITE_ID, old_path=old, new_path=new)
                for old, new in targets.items()
            ],
            batch_size=BATCH_SIZE,
            update_conflicts=True,
            unique_fields=["site", "old_path"],
            update_fields=["new_path"],
        )


def redirect_target(old_paths: Iterable[str]) -> str:
    """The target of one of `old_paths` that has a redirect; empty without one."""
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in=list(old_paths))
    return redirects.exclude(new_path="").values_list("new_path", flat=True).first() or ""


def _without_chains(moved: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The last new path of each old path."""
    targets: dict[str, str] = {}
    sources: dict[str, list[str]] = defaultdict(list)
    for old, new in moved:
        targets.pop(new, None)
        for source in sources.pop(old, []):
            if targets.get(source) == old:
                targets[source] = new
                sources[new].append(source)
        targets[old] = new
        sources[new].append(old)
    return targets


def _batches(paths: Iterable[str]) -> Iterator[list[str]]:
    all_paths = list(paths)
    for start in range(0, len(all_paths), BATCH_SIZE):
        yield all_paths[start : start + BATCH_SIZE]
