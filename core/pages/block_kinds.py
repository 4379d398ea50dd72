"""The kinds of blocks that the installed apps have."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps

from core.pages.block_forms import Block


@lru_cache
def block_kinds() -> dict[str, type[Block]]:
    """All kinds by their names, from the modules in the package `blocks` of each app."""
    kinds: dict[str, type[Block]] = {}
    for app in apps.get_app_configs():
        package = f"{app.name}.blocks"
        if find_spec(package) is None:
            continue
        for module in iter_modules(import_module(package).__path__, f"{package}."):
            name = module.name.rpartition(".")[2]
            found = _block_in(module.name)
            found.kind = name
            kinds[name] = found
    return dict(sorted(kinds.items(), key=lambda item: item[1].order))


def _block_in(module_name: str) -> type[Block]:
    for value in vars(import_module(module_name)).values():
        if isinstance(value, type) and issubclass(value, Block) and value.__module__ == module_name:
            return value
    raise LookupError(f"{module_name} has no subclass of Block.")
