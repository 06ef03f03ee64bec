"""The command line: derive, generate, verify, networks, demo.

Exit codes: 0 done, 1 a check failed or something is refuted, 2 the input cannot be used. Nothing
heavy is imported before a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from symbp.documents.forms import COMMENTS, SUFFIXES
from symbp.targets.styles import STYLE, STYLES, SWITCHES
from symbp.terminal import UNUSABLE, speak_utf8, to_the_end
from symbp.version import VERSION

if TYPE_CHECKING:
    from collections import Counter

    from symbp.equations.equality import Verdict
    from symbp.verification.reports.saying import Teller

FORMS = {suffix: form for form, suffix in SUFFIXES.items()}
"""The format that a file's name asks for."""

DONE, FAILED = 0, 1

SELDOM = 50_000
"""New objects after which unused cycles are looked for: expressions are many, and hold none."""

KEPT = 20_000
"""Results that each function of SymPy remembers: of its own 1000, most are needed once more."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    speak_utf8()
    gc.set_threshold(SELDOM)
    os.environ.setdefault("SYMPY_CACHE_SIZE", str(KEPT))  # read when SymPy is imported
    given = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = given.command
    return to_the_end(lambda: _guarded(command, given))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symbp",
        description="Backpropagation derived from forward equations: as a text, and as NumPy.",
    )
    parser.add_argument("--version", action="version", version=f"symbp {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    derive = _command(commands, "derive", _derive, "print the derivation of a network")
    derive.add_argument("network", help="a name from `symbp networks`, or a .toml file")
    derive.add_argument("--format", choices=sorted(set(FORMS.values())), help="text unless -o says")
    derive.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="a .tex, .md or .txt file"
    )
    derive.add_argument("--certify", action="store_true", help="check every line anew")
    generate = _command(commands, "generate", _generate, "write a trainer and its derivation")
    generate.add_argument("networks", nargs="+", metavar="network", help="names or .toml files")
    generate.add_argument(
        "-o", "--output", type=Path, default=Path("generated"), metavar="FOLDER", help="generated/"
    )
    generate.add_argument("--style", choices=STYLES, default=STYLE, help="fast, or plain to read")
    generate.add_argument(
        "--without", action="append", default=[], choices=SWITCHES, help="a pass that is left out"
    )
    for each in (derive, generate):
        each.add_argument("--notation", default="jp-uz", help="jp-uz, nielsen, matrix-rows, …")
        each.add_argument("--force", action="store_true", help="overwrite files edited by hand")
        each.add_argument(
            "--no-cache",
            dest="cache",
            action="store_false",
            help="derive anew what is kept from an earlier call",
        )
        each.add_argument(
            "--hvp", action="store_true", help="second derivatives: Hessian and Gauss-Newton"
        )
    _verifying(_command(commands, "verify", _verify, "check derivations and programs line by line"))
    networks = _command(commands, "networks", _networks, "list the networks that ship with symbp")
    networks.add_argument(
        "--names", action="store_true", help="names alone, of those in generated/"
    )
    demo = _command(commands, "demo", _demo, "derive, generate, train and check XOR")
    demo.add_argument("-o", "--output", type=Path, default=Path("symbp-demo"), metavar="FOLDER")
    return parser


def _verifying(verify: argparse.ArgumentParser) -> None:
    """The options of ``verify``."""
    verify.add_argument(
        "files", nargs="+", metavar="FILE", help="Markdown, LaTeX, notebooks, NumPy; folders; or -"
    )
    verify.add_argument("--network", help="what it is about: a name or a .toml file")
    verify.add_argument("--notation", default="auto", help="auto, jp-uz, nielsen, …")
    verify.add_argument(
        "--bind", action="append", default=[], metavar="GLYPH=ROLE", help="what a symbol stands for"
    )
    verify.add_argument("--loss", help="the loss that a program is meant to have")
    verify.add_argument("--json", action="store_true", help="findings as data")
    verify.add_argument(
        "--format", choices=("text", "markdown", "html"), help="text unless -o says"
    )
    verify.add_argument(
        "-o", "--output", type=Path, metavar="PATH", help="a file, or a folder for many"
    )
    verify.add_argument("--solution", action="store_true", help="show right lines for wrong ones")
    verify.add_argument("--all", action="store_true", help="tell in full what holds, too")
    verify.add_argument("--timeout", type=float, metavar="SECONDS", help="processor time of a file")
    verify.add_argument("--no-color", action="store_true", help="plain text in a terminal, too")
    verify.add_argument("--force", action="store_true", help="overwrite files edited by hand")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    told: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=told, description=told.capitalize() + ".")
    parser.add_argument("--lang", choices=("en", "ja"), default="en", help="the language")
    parser.set_defaults(command=run)
    return parser


def _guarded(command: Callable[[argparse.Namespace], int], given: argparse.Namespace) -> int:
    """Errors that a person can mend as sentences, without a traceback."""
    from symbp.documents.words import words
    from symbp.errors import LeftOpen, SameName, SpecErrors, UnknownConvention
    from symbp.files import HandEdited, Unwritable

    told = words(given.lang)
    try:
        return command(given)
    except SpecErrors as error:
        from symbp.specification.messages import messages

        problems = messages(error, given.lang)
    except UnknownConvention as error:
        known = ", ".join(error.known)
        problems = [told.say("error", "unknown_notation", given=error.name, known=known)]
    except HandEdited as error:
        problems = [told.say("error", "hand_edited", path=error.path)]
    except Unwritable as error:
        problems = [told.say("error", "unwritable", path=error.path, reason=error.reason)]
    except SameName as error:
        problems = [told.say("error", "same_name", name=error.name)]
    except LeftOpen as error:
        problems = [told.say("error", "left_open", name=error.network, layer=error.place)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return UNUSABLE


def _derive(given: argparse.Namespace) -> int:
    from symbp.files import stamp, write_atomic
    from symbp.remembered import Asked, kept_here

    form = given.format or _form(given.output)
    options = {"form": form, "notation": given.notation, "language": given.lang}
    store = kept_here() if given.cache and not given.certify else None
    asked = Asked(given.network, "derive", options, given.hvp, store)
    (text,) = asked.texts().files.values()
    if given.output:
        changed = write_atomic(given.output, stamp(text, COMMENTS[form]), force=given.force)
        _tell(given.lang, {given.output: changed})
    else:
        print(text, end="")
    return _certify(asked.derived.certify(), given.lang) if given.certify else DONE


def _form(output: Path | None) -> str:
    """The format that the name ``output`` asks for. Raises SpecErrors where it is none."""
    if output is None or not output.suffix:
        return "text"
    if output.suffix not in FORMS:
        from symbp.errors import Fault, SpecErrors

        facts = {"given": output.suffix, "known": tuple(FORMS)}
        raise SpecErrors([Fault("output_form", (), facts, str(output))])
    return FORMS[output.suffix]


def _certify(counts: Counter[Verdict], language: str) -> int:
    """Say how surely the lines hold."""
    from symbp.documents.words import words
    from symbp.equations.equality import Verdict
    from symbp.equations.fingerprint import FEW

    told = words(language)
    sure = [v for v in (Verdict.PROVED, Verdict.PROBABLE, Verdict.CONFIRMED) if v in counts]
    error = f"2^-{41 * FEW}"
    listed = told.listing([f"{counts[v]} {told.say('verdict', v, error=error)}" for v in sure])
    print(told.say("verdict", "summary", count=sum(counts.values()), counts=listed))
    failed = sum(counts.values()) - sum(counts[v] for v in sure)
    if failed:
        print(told.say("error", "not_certified", count=failed), file=sys.stderr)
    return FAILED if failed else DONE


def _generate(given: argparse.Namespace) -> int:
    from symbp.errors import SameName
    from symbp.files import write_all
    from symbp.remembered import Asked, kept_here

    options = {"notation": given.notation, "style": given.style, "without": given.without}
    store = kept_here() if given.cache else None
    asked = [Asked(each, "generate", options, given.hvp, store) for each in given.networks]
    # All are read before anything is written.
    names = [each.name for each in asked]
    if twice := [name for name in names if names.count(name) > 1]:
        raise SameName(twice[0])
    for each in asked:
        texts = {given.output / each.name / at: text for at, text in each.texts().files.items()}
        _tell(given.lang, write_all(texts, force=given.force))
    return DONE


def _tell(language: str, written: dict[Path, bool]) -> None:
    from symbp.documents.words import words

    for path, changed in written.items():
        print(words(language).say("cli", "written" if changed else "unchanged", path=path))


def _verify(given: argparse.Namespace) -> int:
    # Workers compute on small arrays: threads would only cost them memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from symbp.verification import command
    from symbp.verification.reports.saying import Teller

    say = Teller(given.lang)
    try:
        return _findings(given, say)
    except command.Misused as error:
        print(say.say(error.said), file=sys.stderr)
        return UNUSABLE


def _findings(given: argparse.Namespace, say: Teller) -> int:
    """Verify, and show or write what was found."""
    from symbp.verification import command
    from symbp.verification.options import Options
    from symbp.verification.reports.colours import paint_for

    wanted = command.Wanted(
        command.form(given.format, given.output, is_json=given.json),
        given.output,
        shows_all=given.all,
        solution=given.solution,
        paint=paint_for(sys.stdout, refused=given.no_color),
    )
    if given.network:
        from symbp.pipeline import declare

        network = declare(given.network)  # what is wrong with it is told once, not for each file
        if given.timeout is None and not network.is_stack:
            given.timeout = command.LONG
    options = Options(
        given.network,
        command.notation(given.notation),
        command.bindings(given.bind),
        command.loss(given.loss),
        given.lang,
        given.solution,
    )
    found = command.reports(given.files, options, command.engine(), command.limits(given.timeout))
    shown = command.shown(found, say, wanted)
    if isinstance(shown, str):
        print(shown, end="")
    else:
        _tell(given.lang, _written(shown, force=given.force))
    return command.exit_code(found)


def _written(pages: dict[Path, str], *, force: bool) -> dict[Path, bool]:
    """Write ``pages``; whether each has changed. JSON knows no comments, hence bears no stamp."""
    from symbp.files import stamp, write_atomic
    from symbp.verification.command import is_findings

    written = {}
    for path, text in pages.items():
        if is_findings(text):
            written[path] = write_atomic(path, text, force=force or is_findings(path))
        else:
            written[path] = write_atomic(path, stamp(text, "<!--"), force=force)
    return written


def _networks(given: argparse.Namespace) -> int:
    from symbp import gallery

    names = (*gallery.names(), *gallery.graphs())
    if given.names:
        print("\n".join(names))
        return DONE
    width = max(map(len, names))
    for name in names:
        print(f"{name.ljust(width)}  {getattr(gallery.load(name).title, given.lang)}")
    return DONE


def _demo(given: argparse.Namespace) -> int:
    import subprocess

    from symbp.documents.words import words
    from symbp.pipeline import derive, generate

    told = words(given.lang)
    print(told.say("cli", "demo_derive"), end="\n\n")
    print(derive("xor").render("text", language=given.lang))
    print(told.say("cli", "demo_generate"))
    _tell(given.lang, generate("xor", given.output))
    home = given.output / "xor"
    for key, command in (("demo_train", "train"), ("demo_check", "check")):
        print(f"\n{told.say('cli', key)}\n\n    cd {home} && python xor_numpy.py {command}\n")
        sys.stdout.flush()
        script = [sys.executable, "xor_numpy.py", command]
        if subprocess.run(script, cwd=home, check=False).returncode:  # noqa: S603
            return FAILED
    print("\n" + told.say("cli", "demo_read", path=home / f"derivation.{given.lang}.md"))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
