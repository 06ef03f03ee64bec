"""The printed LaTeX compiles unchanged, in both languages."""

import subprocess

import pytest

from symbp import gallery
from symbp.documents.words import LANGUAGES
from symbp.notation.presets import PRESETS
from symbp.pipeline import derive

COMPILE = ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "lesson.tex"]
OTHERS = [(name, "xor") for name in PRESETS if name != "jp-uz"]


def compiled(folder, text):
    (folder / "lesson.tex").write_text(text, encoding="utf-8")
    done = subprocess.run(COMPILE, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    log = (folder / "lesson.log").read_text(encoding="utf-8", errors="replace")
    # A character that the font lacks is left out, and the compiler calls that a success.
    assert "Missing character" not in log
    wide = [line for line in log.splitlines() if line.startswith("Overfull \\hbox")]
    assert not wide
    assert (folder / "lesson.pdf").stat().st_size > 0


@pytest.mark.latex
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", gallery.names())
def test_every_network_compiles(name, language, tmp_path):
    compiled(tmp_path, derive(name).render("latex", language=language))


@pytest.mark.latex
@pytest.mark.parametrize(("notation", "name"), OTHERS)
def test_every_notation_compiles(notation, name, tmp_path):
    compiled(tmp_path, derive(name).render("latex", notation, "en"))
