"""What is handed in, as text: encodings, folders, and what is not read at all."""

import io
import os
import sys

import pytest

from symbp.verification import submissions as module
from symbp.verification.submissions import LARGEST, decoded, read, submissions

JAPANESE = "隠れ層の誤差は、重みを通して $\\delta$ を足し合わせたものである。カタカナも。\n"


@pytest.mark.parametrize(
    ("encoding", "noted"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp932", "Shift_JIS"),
        ("euc_jp", "EUC-JP"),
        ("iso2022_jp", "ISO-2022-JP"),
    ],
)
def test_encodings(encoding, noted):
    found = decoded("a.md", JAPANESE.encode(encoding))
    assert (found.source, found.encoding, found.trouble) == (JAPANESE, noted, None)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "unusable.empty"),
        (b" \r\n\t", "unusable.empty"),
        (b"\0\1\2", "unusable.binary"),
        (b"\x89PNG\r\n\x1a\n\0", "unusable.binary"),
        (b"caf\xe9 = 1", "unusable.encoding"),
        (b"\xff\xfe\x00", "unusable.encoding"),
        (b"a" * (LARGEST + 1), "limit.size"),
    ],
)
def test_what_is_no_text(data, key):
    assert decoded("a.md", data).trouble.key == key


def test_newlines_are_plain():
    assert decoded("a.md", b"a\r\nb\rc\n").source == "a\nb\nc\n"


def test_a_folder_is_read_by_name_without_what_is_hidden(tmp_path):
    for name in ("b.md", "a.py", ".hidden.md", "notes.docx", "deep/c.tex", ".git/d.md", "E.MD"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = [os.path.relpath(each.name, tmp_path) for each in submissions([str(tmp_path)])]
    assert found == ["E.MD", "a.py", "b.md", "deep/c.tex"]


def test_an_empty_folder(tmp_path):
    (found,) = submissions([str(tmp_path)])
    assert found.trouble.key == "unusable.no_files"


def test_a_folder_of_very_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 2)
    for n in range(3):
        (tmp_path / f"{n}.md").write_text("x")
    assert [s.trouble.key for s in submissions([str(tmp_path)])] == ["unusable.too_many_files"]


@pytest.mark.parametrize("path", ["nowhere.md", "nowhere\0.md", "x" * 5000])
def test_a_path_that_leads_nowhere(path):
    assert read(path).trouble.key in ("unusable.missing", "unusable.unreadable")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_never_ends_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    assert read(str(tmp_path / "pipe.md")).trouble.key == "unusable.not_regular"
    assert read("/dev/zero").trouble.key == "unusable.not_regular"


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(JAPANESE.encode("euc_jp"))))
    (found,) = submissions(["-"])
    assert (found.name, found.source) == ("-", JAPANESE)
