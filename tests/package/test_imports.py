"""Who may import whom. The order is the architecture: nothing knows of what comes after it."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "symbp"

FOR_ALL = {"errors", "naming", "version"}
DECLARING = {"activations", "layers", "losses", "optimizers"}
AROUND_NETWORK = {"agreement", "general", "heads", "training"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "naming": set(),
    "version": set(),
    "files": set(),
    "compiled": set(),
    "templating": {"compiled"},
    "terminal": set(),
    "cache": {"files", "templating"},
    "equations": set(),
    "activations": {"equations"},
    "losses": {"equations"},
    "optimizers": {"equations"},
    "formulas": {"equations"},
    "layers": {"equations", "activations", "formulas"},
    "training": {"equations"} | DECLARING,
    "general": {"equations"} | DECLARING,
    "heads": {"equations"} | DECLARING,
    "agreement": {"equations", "training", "heads"} | DECLARING,
    "network": {"equations"} | DECLARING | AROUND_NETWORK,
    "specification": {"equations", "formulas", "network"} | DECLARING | AROUND_NETWORK,
    "gallery": {"network", "specification"},
    "derivation": {"equations"},
    "notation": {"equations"},
    "lowering": {"equations"},
    "targets": {"equations", "lowering", "notation", "templating"},
    "documents": {"equations", "derivation", "notation", "templating"},
    "planning": {"derivation", "documents", "equations", "network", "notation", "targets"}
    | DECLARING
    | AROUND_NETWORK,
    "verification": {
        "equations",
        "derivation",
        "notation",
        "lowering",
        "network",
        "gallery",
        "specification",
    }
    | {"templating", "terminal"}
    | DECLARING
    | AROUND_NETWORK,
}
"""Part -> the parts it may import, besides itself and ``FOR_ALL``. Those of ``LAST`` come after."""

LAST = ("pipeline", "remembered", "cli", "__init__", "__main__")
"""Each may import all of the above, and those before it here."""

ONLY_IN = {"jinja2": {"templating", "compiled"}}
"""Library -> the only parts that may import it."""

ONLY_THESE = {"equations": {"sympy", "mpmath", "numpy"}, "errors": set(), "naming": set()}
"""Part -> the only libraries it may import, besides Python's own."""


def module_of(path: Path) -> str:
    """``symbp.layers.dense`` for its file; a package is its ``__init__``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports(path: Path) -> Iterator[str]:
    """The full names that the file imports anywhere in it, inside functions too."""
    here = module_of(path).split(".")
    if path.stem != "__init__":
        here = here[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            origin = ".".join(base + (node.module or "").split(".")).strip(".")
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield inner if inner in MODULES else origin


def part_of(module: str) -> str:
    """``layers`` for ``symbp.layers.dense``; ``__init__`` for ``symbp`` itself."""
    return [*module.split("."), "__init__"][1]


def is_ours(module: str) -> bool:
    return f"{module}.".startswith("symbp.")


@pytest.mark.parametrize("module", MODULES)
def test_import_order(module):
    part = part_of(module)
    imported = {part_of(name) for name in imports(MODULES[module]) if is_ours(name)}
    if part in LAST:
        allowed = {*MAY_IMPORT, *LAST[: LAST.index(part) + 1]}
    else:
        assert part in MAY_IMPORT, f"say in MAY_IMPORT what {part} may import"
        allowed = MAY_IMPORT[part] | FOR_ALL | {part}
    assert imported <= allowed


@pytest.mark.parametrize("module", MODULES)
def test_libraries(module):
    part = part_of(module)
    libraries = {name.split(".")[0] for name in imports(MODULES[module])} - {"symbp"}
    if part in ONLY_THESE:
        assert libraries - sys.stdlib_module_names <= ONLY_THESE[part]
    for library in libraries & ONLY_IN.keys():
        assert part in ONLY_IN[library], f"{library} is for {ONLY_IN[library]}"


def test_no_cycles():
    graph = {
        module: {name for name in imports(path) if name in MODULES and name != module}
        for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_the_order_itself_has_no_cycles():
    TopologicalSorter(MAY_IMPORT).prepare()
