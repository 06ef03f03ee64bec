"""``symbp verify`` as a person types it; what is found out is made up here."""

import io
import json
import sys

import pytest

from symbp.cli import main
from symbp.verification import command
from symbp.verification.finding import Finding, Report, Said, Told
from symbp.verification.progress import Progress
from symbp.verification.text import Spot
from symbp.verification.verdict import Verdict


def engine(name, source, options):
    """Claims are lines; those with "wrong" are refuted, those with "?" not understood."""
    findings = []
    for number, line in enumerate(source.splitlines(), 1):
        verdict = Verdict.PROVED
        if "wrong" in line:
            verdict = Verdict.REFUTED
        elif "?" in line:
            verdict = Verdict.NOT_UNDERSTOOD
        told = (Told("M09", Said("x")),) if verdict is Verdict.REFUTED else ()
        said = Said("paper.holds", {"options": repr(options)})
        right = "a = right" if told else ""
        findings.append(Finding(Spot(number, 1), line, verdict, said, mistakes=told, right=right))
    return Report(name, "paper", source, tuple(findings), notation=str(options.notation))


@pytest.fixture(autouse=True)
def _made_up(monkeypatch, tmp_path):
    monkeypatch.setattr(command, "engine", lambda: engine)
    monkeypatch.chdir(tmp_path)
    texts = {"fine.md": "a = b\n", "bad.md": "a = b\na = wrong\n", "odd.md": "?\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")


def run(capsys, *words):
    code = main(["verify", *words])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["fine.md"], 0),
        (["bad.md"], 1),
        (["odd.md"], 2),
        (["nowhere.md"], 2),
        (["fine.md", "nowhere.md"], 2),
        (["bad.md", "nowhere.md", "fine.md"], 1),
        (["."], 1),
    ],
)
def test_exit_codes(capsys, files, code):
    assert run(capsys, *files)[0] == code


def test_one_file(capsys):
    code, out, err = run(capsys, "bad.md")
    assert (code, err) == (1, "")
    assert "✗ 2:1" in out
    assert "a = right" not in out
    assert "\x1b" not in out
    assert out.splitlines()[-1] == "2 claims: ✓ 1 proved, ✗ 1 refuted"


def test_the_right_line_on_request(capsys):
    assert "Right: a = right" in run(capsys, "bad.md", "--solution")[1]


def test_a_class(capsys):
    code, out, _ = run(capsys, "fine.md", "bad.md", "nowhere.md", "--lang", "ja")
    assert code == 1
    assert "ファイルがありません" in out
    assert out.index("fine.md") < out.index("bad.md") < out.index("M09  1 件")


def test_json(capsys):
    _, out, _ = run(capsys, "fine.md", "bad.md", "--json")
    found = json.loads(out)
    assert [claim["verdict"] for claim in found["claims"]] == ["proved", "proved", "refuted"]
    assert found["claims"][2]["mistakes"] == ["M09"]


def test_a_file_of_json_is_written_again_and_again(capsys, tmp_path):
    path = tmp_path / "found.json"
    assert run(capsys, "bad.md", "--json", "-o", str(path))[0] == 1
    assert json.loads(path.read_text(encoding="utf-8"))["summary"]["exit_code"] == 1
    assert run(capsys, "fine.md", "--json", "-o", str(path))[0] == 0
    path.write_text("{}")
    code, _, err = run(capsys, "fine.md", "-o", str(path))
    assert (code, path.read_text()) == (2, "{}")
    assert "edited by hand" in err
    assert run(capsys, "fine.md", "-o", str(path), "--force")[0] == 0


@pytest.mark.parametrize(("name", "begins"), [("a.html", "<!-- symbp"), ("a.md", "<!-- symbp")])
def test_the_name_of_the_output_says_the_format(capsys, tmp_path, name, begins):
    path = tmp_path / "out" / name
    assert run(capsys, "bad.md", "-o", str(path))[0] == 1
    assert path.read_text(encoding="utf-8").startswith(begins)


def test_pages_for_a_class(capsys, tmp_path):
    code, out, _ = run(capsys, "fine.md", "bad.md", "--format", "html", "-o", "pages")
    assert code == 1
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert names == ["bad.md.html", "fine.md.html", "index.html"]
    assert out.count("written") == 3


def test_pages_are_printed_without_an_output(capsys):
    assert run(capsys, "bad.md", "--format", "html")[1].startswith("<!doctype html>")
    assert run(capsys, "bad.md", "--format", "markdown")[1].startswith("# ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--bind", "s"], "--bind takes GLYPH=ROLE"),
        (["--bind", "=weight"], "--bind takes GLYPH=ROLE"),
        (["--bind", "s=wieght"], "There is no role wieght. Known are: pre-activation, "),
        (["--loss", "cross_entorpy"], "There is no loss cross_entorpy."),
        (["--loss", "half_squared_eror"], "Did you mean half_squared_error?"),
        (["--notation", "nilsen"], "nielsen"),
        (["--network", "xorr"], 'Did you mean "xor"?'),
        (["--network", "nowhere.toml"], "nowhere.toml"),
        (["--timeout", "0"], "--timeout takes a number of seconds from 0.1 to 3600."),
        (["--timeout", "nan"], "--timeout takes"),
        (["--json", "--format", "html"], "cannot be used together"),
        (["-o", "folder"], "says no format"),
        (["-o", "a.docx"], "says no format"),
        (["-"], "- can be given once only"),
    ],
)
def test_options_that_cannot_be_meant(capsys, words, said):
    code, out, err = run(capsys, "-" if words == ["-"] else "fine.md", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_options_reach_the_engine(capsys):
    words = (
        "--bind",
        "s=preactivation",
        "--bind",
        "=x=weight",
        "--loss",
        "MSE",
        "--network",
        "xor",
    )
    _, out, _ = run(capsys, "fine.md", "--notation", "nielsen", *words, "--json", "--lang", "ja")
    assert json.loads(out)["files"][0]["notation"] == "nielsen"
    assert command.bindings(words[1:4:2]) == {"s": "pre-activation", "=x": "weight"}
    assert command.loss("MSE") == "mean_squared_error"
    assert command.notation("auto") is None


def test_standard_input(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a = wrong")))
    code, out, _ = run(capsys, "-")
    assert code == 1
    assert "✗ 1:1" in out


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_shown_where_someone_watches():
    screen, pipe = Screen(), io.StringIO()
    for stream in (screen, pipe):
        progress = Progress(stream, 2)
        progress.show()
        progress.step()
        progress.clear()
    assert "[############............] 1/2" in screen.getvalue()
    assert screen.getvalue().endswith(" \r")
    assert pipe.getvalue() == ""


def test_one_file_needs_no_progress():
    assert not Progress(Screen(), 1).is_shown
