"""Draw which packages import which, from the imports in the code, into docs/develop.md.

`make diagram` runs this; tests/test_documentation.py checks that the drawing is up to date.
"""

import ast
from collections.abc import Callable
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "develop.md"
PACKAGES = ("inquiries", "products", "news", "accounts", "contacts", "core", "config", "demo")
APPS = ("inquiries", "products", "news", "accounts", "contacts")
# config.env reads the environment for all; the rest of config puts the site together.
ENVIRONMENT = "config.env"
# The parts that an app may have, and what each is about.
PARTS = {
    "admin": "what staff see and do",
    "management": "commands for the terminal",
    "inbound_mail": "e-mails from buyers",
    "views": "public pages",
    "forms": "what visitors fill in",
    "services": "what can happen",
    "emails": "what is sent",
    "models": "what is stored",
}

Imports = set[tuple[str, str]]  # pairs of importer and imported


def main() -> None:
    PAGE.write_text(redraw(PAGE.read_text()))


def redraw(page: str) -> str:
    """Return `page` with a new diagram after each of its markers.

    Raises ValueError if a marker is missing.
    """
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    packages = {name: purpose(name) for name in (*PACKAGES, ENVIRONMENT)}
    page = replace(page, "packages", mermaid(packages, imports_between(graph, package_of)))
    return replace(page, "parts", mermaid(PARTS, imports_between(graph, part_of)))


def replace(page: str, name: str, diagram: str) -> str:
    """Return `page` with `diagram` between the markers of that name."""
    start, end = f"<!-- diagram: {name} -->\n", "<!-- end of diagram -->"
    before, rest = page.split(start)
    after = rest.split(end, 1)[1]
    return f"{before}{start}{diagram}{end}{after}"


def package_of(module: str) -> str:
    return ENVIRONMENT if module == ENVIRONMENT else module.split(".")[0]


def part_of(module: str) -> str:
    """The part of an app that a module belongs to, or "" for one that belongs to none."""
    app, _, name = module.partition(".")
    part = name.split(".")[0]
    return part if app in APPS and part in PARTS else ""


def imports_between(graph: grimp.ImportGraph, group_of: Callable[[str], str]) -> Imports:
    """The imports between groups of modules, without those within a group."""
    imports = {
        (group_of(importer), group_of(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    return {pair for pair in imports if all(pair) and len(set(pair)) == 2}


def purpose(package: str) -> str:
    """The first line of a module's docstring, without its full stop."""
    path = ROOT / package.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(file.read_text())) or ""
    return docstring.partition("\n")[0].removesuffix(".")


def mermaid(groups: dict[str, str], imports: Imports) -> str:
    """A Mermaid diagram of the groups with their purposes; an arrow points to what is imported."""
    used = {name for pair in imports for name in pair}
    lines = [f'    {name}["<b>{name}</b><br>{groups[name]}"]' for name in groups if name in used]
    lines += [f"    {importer} --> {imported}" for importer, imported in sorted(reduce(imports))]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```", ""])


def reduce(imports: Imports) -> Imports:
    """Return the imports without those that a chain of others implies."""
    for pair in sorted(imports):
        others = imports - {pair}
        if pair[1] in reachable(others, pair[0]):
            imports = others
    return imports


def reachable(imports: Imports, start: str) -> set[str]:
    """What `start` imports, directly or through others."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        new = {imported for importer, imported in imports if importer == name} - found
        found |= new
        waiting.extend(new)
    return found


if __name__ == "__main__":
    main()
