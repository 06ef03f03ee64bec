"""Generated files: written whole or not at all, and never over a person's work."""

import os
from pathlib import Path

import pytest

from symbp.files import HandEdited, Unwritable, is_pristine, stamp, write_atomic

TEXT = "one\ntwo\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "module.py"


@pytest.mark.parametrize(
    ("text", "comment", "expected"),
    [
        (TEXT, "#", "# symbp:sha256=c3f9c8c283a2b1f2\none\ntwo\n"),
        (TEXT, "%", "% symbp:sha256=c3f9c8c283a2b1f2\none\ntwo\n"),
        (TEXT, "<!--", "<!-- symbp:sha256=c3f9c8c283a2b1f2 -->\none\ntwo\n"),
    ],
)
def test_stamp(text, comment, expected):
    assert stamp(text, comment) == expected


def test_a_shebang_stays_first():
    stamped = stamp("#!/usr/bin/env python3\nprint()\n", "#")
    assert stamped.startswith("#!/usr/bin/env python3\n# symbp:sha256=")
    assert is_pristine(stamped)


@pytest.mark.parametrize("text", [TEXT, "", "no newline at the end", "日本語\n", "\n\n"])
def test_what_is_stamped_is_pristine(text):
    assert is_pristine(stamp(text, "#"))


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text + "three\n",
        lambda text: text.replace("one", "One"),
        lambda text: text.split("\n", 1)[1],
        lambda text: text.replace("sha256=c", "sha256=0"),
        lambda _: "",
    ],
    ids=["added to", "changed", "stamp removed", "stamp changed", "emptied"],
)
def test_an_edit_is_noticed_and_kept(path, edit):
    write_atomic(path, stamp(TEXT, "#"))
    path.write_text(edit(path.read_text()))
    edited = path.read_text()
    with pytest.raises(HandEdited) as caught:
        write_atomic(path, stamp("new\n", "#"))
    assert caught.value.path == path
    assert path.read_text() == edited
    assert write_atomic(path, stamp("new\n", "#"), force=True)
    assert path.read_text() == stamp("new\n", "#")


def test_what_git_does_to_newlines_is_no_edit(path):
    write_atomic(path, stamp(TEXT, "#"))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert write_atomic(path, stamp("new\n", "#"))


def test_what_is_no_text_is_not_ours(path):
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(HandEdited):
        write_atomic(path, TEXT)


def test_the_same_text_is_not_written_again(path):
    assert write_atomic(path, stamp(TEXT, "#"))
    os.utime(path, (1, 1))
    assert not write_atomic(path, stamp(TEXT, "#"))
    assert path.stat().st_mtime == 1


def test_the_mode_of_a_file_stays(path):
    write_atomic(path, stamp(TEXT, "#"))
    path.chmod(0o750)
    write_atomic(path, stamp("new\n", "#"))
    assert path.stat().st_mode & 0o777 == 0o750


def test_a_link_stays_a_link(tmp_path, path):
    write_atomic(path, stamp(TEXT, "#"))
    link = tmp_path / "link.py"
    link.symlink_to(path)
    write_atomic(link, stamp("new\n", "#"))
    assert link.is_symlink()
    assert path.read_text() == stamp("new\n", "#")


def test_a_failure_half_way_leaves_the_old_file_alone(path, monkeypatch):
    write_atomic(path, stamp(TEXT, "#"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unwritable) as caught:
        write_atomic(path, stamp("new\n", "#"))
    assert caught.value.reason == "No space left on device"
    assert path.read_text() == stamp(TEXT, "#")
    assert list(path.parent.iterdir()) == [path]


def test_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path, tmp_path / "file" / "module.py", Path(os.devnull)):
        with pytest.raises(Unwritable) as caught:
            write_atomic(place, TEXT)
        assert caught.value.path == place
        assert caught.value.reason
