"""``generated/`` is what the present sources generate, byte for byte."""

import difflib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from symbp import gallery
from symbp.files import is_pristine
from symbp.pipeline import derive

GENERATED = Path(__file__).parents[2] / "generated"
NAMES = (*gallery.names(), *gallery.graphs())
UPDATE = "symbp generate $(symbp networks --names) -o generated/"


@pytest.mark.parametrize("name", NAMES)
def test_regenerating_changes_nothing(name):
    for file, text in derive(name).files():
        path = GENERATED / name / file
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept != text:
            lines = difflib.unified_diff(
                kept.splitlines(), text.splitlines(), f"{name}/{file}", "generated now", lineterm=""
            )
            shown = "\n".join(list(lines)[:60])
            pytest.fail(f"{shown}\n\nIf this is as it should be: {UPDATE}", pytrace=False)
        assert is_pristine(text)


def test_nothing_else_lies_there():
    expected = {f"{name}/{file}" for name in NAMES for file, _ in derive(name).files()}
    found = {
        path.relative_to(GENERATED).as_posix()
        for path in GENERATED.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert found == expected


def test_modules_are_laid_out_as_a_formatter_would():
    """Those of dense layers: where dozens of names are unpacked, it would give each a line."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff is None:
        pytest.skip("ruff is not installed; it comes with the extra dev")
    modules = [str(GENERATED / name / f"{name}_numpy.py") for name in gallery.names()]
    command = [ruff, "format", "--isolated", "--line-length", "100", "--check", *modules]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
