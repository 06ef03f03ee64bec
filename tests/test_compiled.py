"""Templates are compiled once, and anew wherever that could matter."""

import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from symbp.compiled import Beside


@pytest.fixture(autouse=True)
def _keeping(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "t.jinja").write_text("{{ a }} and {{ a }}")


def environment(folder: Path, settings: bytes = b"") -> Environment:
    return Environment(loader=FileSystemLoader(folder), bytecode_cache=Beside(settings))  # noqa: S701


def compiled(folder: Path, monkeypatch: pytest.MonkeyPatch, settings: bytes = b"") -> bool:
    """Whether rendering had to compile."""
    asked = []
    plain = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *a, **k: asked.append(a) or plain(*a, **k))
    assert environment(folder, settings).get_template("t.jinja").render(a=1)
    monkeypatch.setattr(Environment, "compile", plain)
    return bool(asked)


def place(folder: Path) -> Path:
    return Path(cache_from_source(str(folder / "t.jinja")))


def test_a_template_is_compiled_once(tmp_path, monkeypatch):
    assert compiled(tmp_path, monkeypatch)
    assert not compiled(tmp_path, monkeypatch)
    assert [path.name for path in place(tmp_path).parent.iterdir()] == [place(tmp_path).name]


def test_another_text_and_other_settings_are_compiled_anew(tmp_path, monkeypatch):
    assert compiled(tmp_path, monkeypatch)
    assert compiled(tmp_path, monkeypatch, b"trimmed")
    (tmp_path / "t.jinja").write_text("{{ a }} or {{ a }}")
    assert environment(tmp_path).get_template("t.jinja").render(a=1) == "1 or 1"


@pytest.mark.parametrize("cut", [0, 3, 70, -1])
def test_a_damaged_file_is_no_error(tmp_path, monkeypatch, cut):
    compiled(tmp_path, monkeypatch)
    place(tmp_path).write_bytes(place(tmp_path).read_bytes()[:cut])
    assert compiled(tmp_path, monkeypatch)
    assert not compiled(tmp_path, monkeypatch)


def test_nothing_is_written_where_python_writes_no_bytecode(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled(tmp_path, monkeypatch)
    assert not place(tmp_path).parent.exists()


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path, monkeypatch):
    place(tmp_path).parent.write_text("a file where the folder would be")
    assert compiled(tmp_path, monkeypatch)
