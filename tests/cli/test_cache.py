"""Texts that are kept: the same as those made anew, found at once, and never in the way."""

import errno
import json
import os
import subprocess
import sys
from hashlib import sha256
from importlib import metadata
from itertools import combinations
from pathlib import Path

import pytest

from symbp.cache import key as keys
from symbp.cache import place as places
from symbp.cache.store import Store
from symbp.cli import main
from symbp.remembered import Asked, Texts
from symbp.targets.styles import SWITCHES
from tests.benchmarks.processes import least, processor_time, transformer

ROOT = Path(__file__).parents[2]

HEAVY = {"sympy", "mpmath", "numpy", "jinja2", "lark"}
OWN = """name = "own"
inputs = 3
loss = "half_squared_error"

[[layers]]
units = 5
activation = "tanh"

[[layers]]
units = 2
"""
SECONDS = 0.3
"""Of processor time, for what is kept."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where texts are kept for this test alone."""
    monkeypatch.setenv(places.SWITCH, str(tmp_path / "kept"))
    return tmp_path / "kept" / places.LAYOUT


@pytest.fixture
def no_deriving(monkeypatch):
    """A function from which on nothing can be derived."""

    def forbid():
        monkeypatch.setattr("symbp.pipeline.derive", lambda *_, **__: pytest.fail("derived anew"))

    return forbid


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def run(capsys, *words):
    code = main(list(map(str, words)))
    out, err = capsys.readouterr()
    return code, out, err


def told(capsys, word, *words):
    """How many files the command says are ``word``: written or unchanged."""
    return sum(line.startswith(word) for line in run(capsys, *words)[1].splitlines())


def files(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# ---- what is found is what would be made --------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("scalar", "neuron"),
        ("xor", "--hvp", "--notation", "nielsen"),
        ("xor", "--style", "plain"),
        ("xor", "--without", "rooms", "--without", "sums", "--lang", "ja"),
    ],
    ids=" ".join,
)
def test_files_are_those_that_would_be_made(capsys, tmp_path, folder, no_deriving, words):
    assert run(capsys, "generate", *words, "--no-cache", "-o", tmp_path / "anew")[0] == 0
    assert not folder.exists()
    assert run(capsys, "generate", *words, "-o", tmp_path / "missed")[0] == 0
    no_deriving()
    assert run(capsys, "generate", *words, "-o", tmp_path / "hit")[::2] == (0, "")
    made = files(tmp_path / "anew")
    assert len(made) == 5 * sum(word in ("scalar", "neuron", "xor") for word in words)
    assert files(tmp_path / "missed") == files(tmp_path / "hit") == made


@pytest.mark.parametrize("form", ["text", "latex", "markdown"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_derivations_are_those_that_would_be_made(
    capsys, tmp_path, folder, no_deriving, form, language
):
    words = ("derive", "neuron", "--format", form, "--lang", language)
    anew = run(capsys, *words, "--no-cache")
    missed = run(capsys, *words)
    run(capsys, *words, "--no-cache", "-o", tmp_path / "anew")
    no_deriving()
    assert run(capsys, *words) == missed == anew
    assert anew[1].count("\n") > 20
    assert run(capsys, *words, "-o", tmp_path / "hit")[0] == 0
    assert (tmp_path / "hit").read_bytes() == (tmp_path / "anew").read_bytes()


def test_the_same_declaration_elsewhere_is_found(capsys, tmp_path, folder, own, no_deriving):
    run(capsys, "generate", own, "-o", tmp_path / "a")
    moved = own.rename(tmp_path / "moved.toml")
    no_deriving()
    assert run(capsys, "generate", moved, "-o", tmp_path / "b")[0] == 0
    assert files(tmp_path / "a") == files(tmp_path / "b") != {}


def test_what_is_certified_is_derived(capsys, folder):
    run(capsys, "derive", "scalar")
    before = files(folder)
    code, out, _ = run(capsys, "derive", "scalar", "--certify")
    assert code == 0
    assert "lines checked" in out.splitlines()[-1]
    assert files(folder) == before != {}


# ---- files of people ----------------------------------------------------------------------------


def test_what_is_kept_is_written_as_carefully(capsys, tmp_path, folder, no_deriving):
    assert told(capsys, "written", "generate", "scalar", "-o", tmp_path) == 5
    no_deriving()
    assert told(capsys, "unchanged", "generate", "scalar", "-o", tmp_path) == 5
    path = tmp_path / "scalar" / "scalar_numpy.py"
    made = path.read_bytes()
    path.write_bytes(made + b"# mine\n")
    (tmp_path / "scalar" / "derivation.en.md").unlink()
    code, out, err = run(capsys, "generate", "scalar", "-o", tmp_path)
    assert (code, out) == (2, "")
    assert "edited by hand" in err
    assert path.read_bytes() == made + b"# mine\n"
    assert not (tmp_path / "scalar" / "derivation.en.md").exists()
    assert told(capsys, "unchanged", "generate", "scalar", "-o", tmp_path, "--force") == 3
    assert path.read_bytes() == made


def test_two_networks_of_one_name_are_refused(capsys, tmp_path, folder, own):
    run(capsys, "generate", own, "-o", tmp_path / "a")
    other = tmp_path / "other.toml"
    other.write_text(OWN.replace("units = 5", "units = 6"), encoding="utf-8")
    code, out, err = run(capsys, "generate", own, other, "-o", tmp_path / "b")
    assert (code, out) == (2, "")
    assert "two networks are called own" in err
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("words", [("xorr",), ("xor", "--notation", "nilsen"), ("none.toml",)])
def test_what_cannot_be_used_is_told_again_and_not_kept(capsys, folder, words):
    first = run(capsys, "derive", *words)
    assert first[0] == 2
    assert run(capsys, "derive", *words) == first
    assert not folder.exists()


# ---- the key ------------------------------------------------------------------------------------


def keys_of(source):
    """The keys of all that can be asked about a network, by what is asked."""
    plain = {"notation": "jp-uz", "style": "fast", "without": []}
    shown = {"form": "text", "notation": "jp-uz", "language": "en"}
    asked = {
        "generate": ("generate", plain, False),
        "hvp": ("generate", plain, True),
        "notation": ("generate", plain | {"notation": "nielsen"}, False),
        "style": ("generate", plain | {"style": "plain"}, False),
        **{f"without {w}": ("generate", plain | {"without": [w]}, False) for w in SWITCHES},
        "without two": ("generate", plain | {"without": list(SWITCHES)[:2]}, False),
        "derive": ("derive", shown, False),
        "derive hvp": ("derive", shown, True),
        "derive notation": ("derive", shown | {"notation": "nielsen"}, False),
        "latex": ("derive", shown | {"form": "latex"}, False),
        "language": ("derive", shown | {"language": "ja"}, False),
    }
    store = Store(Path("nowhere"))
    return {name: Asked(str(source), *each, store).key for name, each in asked.items()}


def test_whatever_is_asked_is_a_key_of_its_own(own):
    found = [*keys_of("xor").values(), *keys_of("scalar").values(), *keys_of(own).values()]
    assert None not in found
    assert len({*found}) == len(found) == 3 * (10 + len(SWITCHES))


def test_every_option_of_the_command_line_is_in_the_key(capsys, monkeypatch, tmp_path):
    """What the command hands on, but for where texts go and how they are told of."""
    seen = []

    class Spy(Asked):
        def texts(self):
            seen.append((self.command, self.second_order, json.dumps(self.options)))
            return Texts("none", {"a.txt": ""})

        name = "none"

    monkeypatch.setattr("symbp.remembered.Asked", Spy)
    generate, derive = ("generate", "xor", "--force", "-o", tmp_path), ("derive", "xor")
    switches = [(*generate, "--without", switch) for switch in SWITCHES]
    both = [("--hvp",), ("--notation", "nielsen")]
    own = [("--style", "plain")]
    shown = [("--format", "latex"), ("--lang", "ja"), ("-o", tmp_path / "a.md")]
    calls = [generate, *((*generate, *each) for each in (*both, *own)), *switches]
    calls += [derive, *((*derive, *each) for each in (*both, *shown))]
    for call in calls:
        assert run(capsys, *call)[0] == 0
    for a, b in combinations(range(len(calls)), 2):
        assert seen[a] != seen[b], (calls[a], calls[b])


def test_every_byte_of_a_declaration_counts(own):
    before = keys.key(str(own), {})
    own.write_text(OWN + "# a remark\n", encoding="utf-8")
    assert keys.key(str(own), {}) != before
    own.write_text(OWN, encoding="utf-8")
    assert keys.key(str(own), {}) == before


def test_a_network_and_a_file_that_is_called_so_differ(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("xor").write_text(sha256(b"xor").hexdigest(), encoding="utf-8")
    assert None is not keys.key("xor", {}) != keys.key("./xor", {}) is not None


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A package of a few files."""
    package, templates = tmp_path / "package", tmp_path / "templates"
    for path in ("a.py", "inner/b.py", "verification/c.py", "inner/__pycache__/d.pyc"):
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(path)
    templates.mkdir()
    (templates / "e.jinja").write_text("e")
    monkeypatch.setattr(keys, "PACKAGE", package)
    monkeypatch.setattr(keys, "FOLDERS", (package / "templates", templates))
    return tmp_path


def remade(path, text):
    """Write a text of the same length, and set its times back."""
    about = path.stat()
    path.write_text(text)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


@pytest.mark.parametrize(
    ("change", "matters"),
    [
        (lambda at: remade(at / "package" / "a.py", "A.py"), True),
        (lambda at: remade(at / "templates" / "e.jinja", "E"), True),
        (lambda at: (at / "package" / "new.py").write_text(""), True),
        (lambda at: (at / "package" / "inner" / "b.py").unlink(), True),
        (lambda at: (at / "package" / "a.py").rename(at / "package" / "b.py"), True),
        (lambda at: (at / "package" / "a.py").rename(at / "package" / "inner" / "a.py"), True),
        (lambda at: (at / "package" / "verification" / "c.py").write_text("other"), False),
        (lambda at: (at / "package" / "inner" / "__pycache__" / "d.pyc").unlink(), False),
    ],
    ids=["changed", "template", "new", "removed", "renamed", "moved", "verifying", "compiled"],
)
def test_the_sources_are_in_the_key(sources, change, matters):
    before = keys.key("xor", {})
    assert keys.key("xor", {}) == before is not None
    change(sources)
    assert (keys.key("xor", {}) != before) == matters


@pytest.mark.parametrize("library", keys.LIBRARIES)
def test_libraries_are_in_the_key(monkeypatch, sources, library):
    before = keys.key("xor", {})
    known = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: known(name) + "1" * (name == library))
    assert keys.key("xor", {}) != before


def test_python_and_the_ways_of_sympy_are_in_the_key(monkeypatch, sources):
    found = {keys.key("xor", {})}
    monkeypatch.setenv("SYMPY_USE_CACHE", "no")
    found.add(keys.key("xor", {}))
    monkeypatch.setattr(sys, "version", sys.version + "+")
    found.add(keys.key("xor", {}))
    assert len(found) == 3


def test_no_more_of_the_package_is_left_out_than_takes_no_part():
    """What deriving and generating import is none of the folders that stand apart."""
    program = (
        "import sys; from symbp.pipeline import derive\n"
        "d = derive('xor', second_order=True); list(d.files()); d.render('text')\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    ours = {name for name in done.stdout.split() if name.startswith("symbp.")}
    assert "symbp.targets.numpy.module" in ours
    assert not {name for name in ours if keys.APART & {*name.split(".")}}


def test_what_changes_while_it_is_worked_on_is_not_kept(capsys, folder, own, monkeypatch):
    from symbp.pipeline import Derived

    rendered = Derived.render

    def slow(self, *words, **options):
        own.write_text(OWN.replace("5", "6"), encoding="utf-8")
        return rendered(self, *words, **options)

    monkeypatch.setattr(Derived, "render", slow)
    assert run(capsys, "derive", own)[0] == 0
    assert not folder.exists()


def test_what_can_be_read_only_once_is_read_once(tmp_path):
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    assert keys.key(str(pipe), {}) is None


# ---- the folder ---------------------------------------------------------------------------------


def spoil_end(path):
    path.write_bytes(path.read_bytes()[:-9])


def swap_text(path):
    """Another text in the same form, under the old hash."""
    path.write_bytes(path.read_bytes().replace(b"import numpy", b"import nvmpy"))


@pytest.mark.parametrize(
    "damage",
    [
        spoil_end,
        swap_text,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff\xfe\n\x00"),
        lambda path: path.write_bytes(path.read_bytes().split(b"\n", 1)[1]),
    ],
    ids=["cut", "swapped", "empty", "binary", "unsigned"],
)
def test_a_damaged_entry_is_made_anew(capsys, tmp_path, folder, no_deriving, damage):
    run(capsys, "generate", "scalar", "-o", tmp_path / "a")
    (entry,) = folder.iterdir()
    whole = entry.read_bytes()
    damage(entry)
    assert entry.read_bytes() != whole
    assert run(capsys, "generate", "scalar", "-o", tmp_path / "b")[::2] == (0, "")
    assert entry.read_bytes() == whole
    no_deriving()
    assert told(capsys, "unchanged", "generate", "scalar", "-o", tmp_path / "b") == 5
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_an_entry_under_another_key_is_none(tmp_path):
    store = Store(tmp_path)
    store.write("a", {"name": "x"})
    assert store.read("a") == {"name": "x"}
    (tmp_path / "a.json").rename(tmp_path / "b.json")
    assert store.read("b") is None


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {"name": "a"},
        {"name": "../a", "files": {}},
        {"name": "a", "files": {"../b": ""}},
        {"name": "a", "files": {"..": ""}},
        {"name": "a", "files": {"c\\b": ""}},
        {"name": "a", "files": {"b.py": 1}},
    ],
)
def test_an_entry_cannot_lead_elsewhere(content):
    assert Texts.of(content) is None
    assert Texts.of({"name": "a", "files": {"b_c.ja.md": ""}}) == Texts("a", {"b_c.ja.md": ""})


@pytest.mark.parametrize("given", ["0", "off", "No", "FALSE"])
def test_it_can_be_switched_off(capsys, monkeypatch, given):
    monkeypatch.setenv(places.SWITCH, given)
    monkeypatch.setattr(Store, "write", lambda *_: pytest.fail("kept"))
    assert places.place() is None
    assert run(capsys, "derive", "scalar")[0] == 0


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {}, "/home/me/.cache/symbp"),
        ("linux", {"XDG_CACHE_HOME": "/far"}, "/far/symbp"),
        ("linux", {"XDG_CACHE_HOME": "near"}, "/home/me/.cache/symbp"),
        ("freebsd14", {"LOCALAPPDATA": "/local"}, "/home/me/.cache/symbp"),
        ("darwin", {"XDG_CACHE_HOME": "/far"}, "/home/me/Library/Caches/symbp"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/symbp"),
        ("win32", {}, "/home/me/AppData/Local/symbp"),
        ("linux", {places.SWITCH: "/mine"}, "/mine"),
        ("linux", {places.SWITCH: "mine"}, "/home/me/.cache/symbp"),
    ],
)
def test_it_lies_where_the_system_wants_it(monkeypatch, system, variables, expected):
    for name in (places.SWITCH, "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert places.place() == Path(expected) / places.LAYOUT


def test_without_a_home_nothing_is_kept(capsys, monkeypatch):
    def none():
        raise RuntimeError

    monkeypatch.delenv(places.SWITCH)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", none)
    assert places.place() is None
    assert run(capsys, "derive", "scalar")[0] == 0


def refused(*_, **__):
    raise OSError(errno.EROFS, "Read-only file system")


def test_a_folder_that_nothing_can_be_written_to(capsys, folder, monkeypatch, no_deriving):
    first = run(capsys, "derive", "scalar")
    for at, name in ((Path, "mkdir"), (Path, "replace"), (Path, "unlink"), (os, "utime")):
        monkeypatch.setattr(at, name, refused)
    assert run(capsys, "derive", "neuron")[::2] == (0, "")
    assert len([p for p in folder.iterdir() if p.suffix == ".json"]) == 1
    no_deriving()
    assert run(capsys, "derive", "scalar") == first


@pytest.mark.parametrize("kind", ["file", "device"])
def test_a_place_that_is_no_folder(capsys, tmp_path, monkeypatch, kind):
    place = tmp_path / "file" if kind == "file" else Path(os.devnull)
    if kind == "file":
        place.write_text("", encoding="utf-8")
    monkeypatch.setenv(places.SWITCH, str(place))
    for _ in range(2):
        code, out, err = run(capsys, "derive", "scalar")
        assert (code, err) == (0, "")
        assert "δ" in out


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are others on Windows")
@pytest.mark.parametrize("rights", [0o720, 0o702, 0o777])
def test_a_folder_that_others_write_to_is_not_trusted(tmp_path, rights):
    store = Store(tmp_path / "kept")
    store.write("a", {"name": "x"})
    assert store.folder.stat().st_mode & 0o777 == 0o700
    store.folder.chmod(rights)
    assert store.read("a") is None
    store.write("b", {"name": "y"})
    assert [p.name for p in store.folder.iterdir()] == ["a.json"]
    store.folder.chmod(0o755)
    assert store.read("a") == {"name": "x"}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="users are others on Windows")
def test_a_folder_of_somebody_else_is_not_trusted(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.write("a", {"name": "x"})
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert store.read("a") is None


def test_what_was_not_used_for_longest_goes_first(tmp_path):
    text = "0123456789" * 100
    store = Store(tmp_path, limit=5000)
    for place, name in enumerate("abcd"):
        store.write(name, text)
        os.utime(tmp_path / f"{name}.json", (place, place))
    assert store.read("a") == text  # and is the youngest from now on
    store.write("e", text)
    assert {p.stem for p in tmp_path.iterdir()} == {"a", "c", "d", "e"}
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= 5000
    store.write("f", text * 5)
    assert {p.stem for p in tmp_path.iterdir()} == {"a", "c", "d", "e"}


def test_what_was_left_half_written_goes_as_well(tmp_path):
    left = tmp_path / ".a.json.0123abcd"
    left.write_text("x" * 900, encoding="utf-8")
    os.utime(left, (0, 0))
    Store(tmp_path, limit=1000).write("b", "y" * 500)
    assert [p.name for p in tmp_path.iterdir()] == ["b.json"]


def test_several_processes_at_once(tmp_path, folder):
    """Each writes what it would have written alone, and leaves one whole entry."""
    call = [sys.executable, "-m", "symbp.cli", "generate", "scalar", "-o"]
    at_once = [
        subprocess.Popen([*call, str(tmp_path / name)], cwd=ROOT, stdout=subprocess.DEVNULL)
        for name in "abc"
    ]
    assert [each.wait() for each in at_once] == [0, 0, 0]
    assert files(tmp_path / "a") == files(tmp_path / "b") == files(tmp_path / "c") != {}
    (entry,) = folder.iterdir()
    assert Texts.of(Store(folder).read(entry.stem)) is not None


# ---- how long it takes --------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["generate", "derive"])
def test_what_is_kept_is_told_without_libraries(tmp_path, folder, command):
    words = ["scalar", "-o", str(tmp_path / "out.md" if command == "derive" else tmp_path)]
    call = "import sys; from symbp.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    first, second = (
        subprocess.run(
            [sys.executable, "-c", call, command, *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    )
    assert {"sympy", "jinja2"} <= {*first.split()}
    assert "unchanged" in second
    assert not HEAVY & {name.split(".")[0] for name in second.splitlines()[-1].split()}


@pytest.mark.slow
def test_what_is_kept_is_written_at_once(tmp_path, folder):
    path = tmp_path / "blocks.toml"
    path.write_text(transformer(12), encoding="utf-8")
    words = ("-m", "symbp.cli", "generate", str(path), "--force", "-o", str(tmp_path))
    anew = processor_time(*words)
    best = least(10, SECONDS, *words)
    print(f"{anew:.2f} s, {best:.2f} s where it is kept")
    assert best <= SECONDS
    assert best < anew / 4
