"""Files that nobody should hand in: name -> its ending and its text."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

MB = 990_000
UP, DOWN = "u^l_j", r"\frac{\partial E}{\partial w^l_{ij}}"
MATH = "u^l_j=\\sum_i w^l_{ij}z^{l-1}_i"
FORWARD = """\
import numpy as np
x = np.zeros((4, 2))
d = np.zeros((4, 1))
W = np.zeros((2, 1))
y = 1 / (1 + np.exp(-x @ W))
E = 0.5 * ((y - d) ** 2).sum()
dW = x.T @ ((y - d) * y * (1 - y))
W = W - 0.1 * dW
"""


def _page(math: str) -> str:
    return f"$E=\\frac12\\sum_j(y_j-d_j)^2$\n\n${MATH}$\n\n${math}$\n"


def _program(lines: str) -> str:
    return FORWARD + lines


def _tex(body: str, preamble: str = "") -> str:
    return (
        f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )


def _notebook(*cells: object) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def _cell(source: object, kind: object = "code") -> object:
    return {"cell_type": kind, "metadata": {}, "source": source, "outputs": []}


def _bomb(levels: int, times: int) -> str:
    names = "abcdefghijklmnop"
    made = [f"\\newcommand{{\\a}}{{{MATH}}}"]
    for before, name in itertools.pairwise(names):
        made.append(f"\\newcommand{{\\{name}}}{{{f'{chr(92)}{before} ' * times}}}")
    return "\n".join(made)


def _twelve() -> str:
    letters = "abcefghmnpqr"
    sums = "".join(f"\\sum_{{{c}}}" for c in letters)
    return _page(f"E={sums}" + "".join(f"(z^1_{{{c}}}+u^1_{{{c}}})" for c in letters))


PAGES: dict[str, Callable[[], str]] = {
    "dollars": lambda: "$" * MB,
    "pairs of dollars": lambda: "$a$" * (MB // 3),
    "displayed": lambda: "$$a=b$$\n" * (MB // 8),
    "braces": lambda: "$" + "{" * MB + "$",
    "braces of lines": lambda: "${$\n" * (MB // 4),
    "brackets": lambda: "[" * MB,
    "links": lambda: "[a](" * (MB // 4),
    "stars": lambda: "*a_ " * (MB // 4),
    "backticks": lambda: "`" * MB,
    "quotes": lambda: ">" * MB,
    "quotes of lines": lambda: "> " * 500 + "\n" + "> $a=b$\n" * 10000,
    "lists": lambda: "".join("  " * k + "- $a=b$\n" for k in range(500)),
    "tables": lambda: "|a|b|\n|-|-|\n" + "|$a$|$b$|\n" * 40000,
    "wide table": lambda: "|" + "a|" * 20000 + "\n|" + "-|" * 20000 + "\n|" + "$a$|" * 20000 + "\n",
    "dots": lambda: "・" * 300000,
    "lines of dots": lambda: "・ $a=b$\n" * 20000,
    "labels": lambda: "①②③" * 100000,
    "chain": lambda: "$" + "a=b," * (MB // 4) + "$",
    "long chain": lambda: _page("=".join([UP] * 500)),
    "fractions": lambda: "$" + "\\frac" * (MB // 5) + "$",
    "nested fractions": lambda: _page("\\frac{1}{" * 400 + "2" + "}" * 400),
    "nested parentheses": lambda: _page("(" * 900 + "1" + ")" * 900),
    "nested roots": lambda: _page("\\sqrt{" * 300 + "z" + "}" * 300),
    "tower": lambda: _page("u=9^{9^{9^{9^{9}}}}"),
    "tower without braces": lambda: _page("u^l_j=9^9^9^9"),
    "power": lambda: _page("u^l_j=(z^{l-1}_i+1)^{9999999999}"),
    "powers": lambda: _page("E=" + "(y_j+d_j+1)^4" * 12),
    "digits": lambda: _page("u^l_j=" + "9" * MB),
    "fewer digits": lambda: _page("u^l_j=" + "9" * 4000),
    "decimals": lambda: _page("u^l_j=0." + "9" * 4000),
    "layer": lambda: _page("u^{l+999999}_j=0") + _page("u^{999999999}_j=0"),
    "layers": lambda: "".join(
        f"$u^{{{k}}}_j=\\sum_iw^{{{k}}}_{{ij}}z^{{{k - 1}}}_i$\n\n" for k in range(1, 400)
    ),
    "unit": lambda: _page("z^1_{999999999}=u^1_{999999999}"),
    "units": lambda: _page("z^1_1=" + "+".join(f"w^1_{{{k}1}}x_{k}" for k in range(1, 300))),
    "subscripts": lambda: _page("u^l_{" + "j" * 3000 + "}=1"),
    "indices": lambda: _page("w_{" + ",".join("ijk"[k % 3] for k in range(300)) + "}=1"),
    "nested subscripts": lambda: _page("u_{" * 300 + "j" + "}" * 300 + "=1"),
    "formulas": lambda: f"${MATH}$\n\n" * 5000,
    "wrong formulas": lambda: (
        f"${DOWN}=-\\frac{{\\partial E}}{{\\partial u^l_j}}z^{{l-1}}_i$\n\n" * 500
    ),
    "different formulas": lambda: "".join(f"${UP}={k}z^{{l-1}}_i$\n\n" for k in range(5000)),
    "terms": lambda: _page("E=" + "+".join(f"{k}z^L_j" for k in range(600))),
    "derivatives": lambda: _page("E=" + "\\frac{\\partial}{\\partial y_j}" * 60 + "E"),
    "chain of derivatives": lambda: _page(f"{DOWN}=" + "\\frac{\\partial E}{\\partial u^l_j}" * 60),
    "sums": lambda: _page("E=" + "\\sum_i" * 30 + "z^1_i"),
    "products of sums": lambda: _page("E=" + "(\\sum_i z^1_i)" * 12),
    "products of sums and terms": lambda: _page("E=" + "(\\sum_i z^1_i+\\sum_j u^1_j)" * 10),
    "indices of one axis": _twelve,
    "a square of squares": lambda: _page("E=((((\\sum_jy_j+1)^4+1)^4+1)^4+1)^4"),
    "exponentials": lambda: _page("E=" + "e^{" * 30 + "y_j" + "}" * 30),
    "maxima": lambda: _page("E=" + "\\max(" * 40 + "y_j" + ")" * 40),
    "python": lambda: (
        _page("u^l_j=__import__('os').system('touch SENTINEL')")
        + "$__class__.__bases__=\\mathrm{open}('SENTINEL','w')$\n"
    ),
    "names of python": lambda: (
        "| $\\_\\_import\\_\\_$ | 入力 |\n|-|-|\n| $os.system$ | 重み |\n"
        + _page("os.system=\\mathrm{exec}(z)")
    ),
    "html": lambda: (
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n"
        + _page("u^l_j<script>=1</script>")
        + "$\\text{<script>alert(1)</script>}=1$\n"
    ),
    "null": lambda: "\0" * 1000 + _page("a=\0"),
    "marks": lambda: _page("u" + "\u0302" * 3000 + "=1"),
    "right to left": lambda: _page("\u202eu^l_j=1\u202c") + "\u2028$a=b$\x0b$a=b$\x85",
    "blanks": lambda: " " * MB + "$a=b$",
    "lines": lambda: "\n" * MB + "$a=b$",
    "one long line of words": lambda: "where " * (MB // 6),
    "where": lambda: "where $x$ is the input, " * 10000,
    "definitions": lambda: "".join(f"| $x_{{{k}}}$ | 入力 |\n" for k in range(5000)),
    "front matter": lambda: "---\n" + "a: b\n" * 100000,
    "fences": lambda: "```math\n" * 50000,
    "programs": lambda: ("```python\n" + FORWARD + "```\n\n") * 300,
    "numbers told": lambda: "損失は (0.8, 0.2) と (1, 0) で 0.02 である。\n" * 5000,
}

PAPERS: dict[str, Callable[[], str]] = {
    "macros": lambda: _tex("$\\p$", _bomb(15, 10)),
    "macros of a page": lambda: _bomb(9, 9) + "\n$\\j$\n",
    "endless macro": lambda: _tex("$\\a=1$", "\\newcommand{\\a}{\\a\\a}"),
    "two macros": lambda: _tex("$\\a=1$", "\\def\\a{\\b}\\def\\b{\\a x}"),
    "growing macro": lambda: _tex(
        "$" + "\\a{" * 200 + "x" + "}" * 200 + "$", "\\newcommand{\\a}[1]{#1#1}"
    ),
    "many macros": lambda: _tex(
        "$a=b$",
        "".join(
            f"\\newcommand{{\\m{chr(97 + k % 26) * (k // 26 + 1)}}}{{x}}\n" for k in range(1500)
        ),
    ),
    "macro without end": lambda: "\\newcommand{\\a}{" * 20000,
    "macro with macros": lambda: _tex("$\\a$", "\\newcommand\\a{\\def\\a{\\a\\a}\\a}"),
    "environments": lambda: "\\begin{align}" * 50000,
    "rows": lambda: _tex("\\begin{align}" + "a&=b\\\\\n" * 50000 + "\\end{align}"),
    "comments": lambda: _tex("%" * MB + "\n$a=b$"),
    "input": lambda: _tex("\\input{/etc/passwd}\\include{/dev/zero}\\write18{touch SENTINEL}$a=b$"),
    "catcodes": lambda: _tex("\\catcode`\\$=12 $a=b$ \\csname a\\endcsname" * 2000),
    "backslashes": lambda: "\\" * MB,
    "commands": lambda: "$" + "\\alpha" * (MB // 6) + "$",
}

PROGRAMS: dict[str, Callable[[], str]] = {
    "loops": lambda: _program(
        "for a in range(10**9):\n for b in range(10**9):\n  W = W - 0.1 * dW\n"
    ),
    "nested loops": lambda: _program(
        "".join(" " * k + f"for i{k} in range(50):\n" for k in range(15))
        + " " * 15
        + "W = W - dW\n"
    ),
    "endless loop": lambda: _program("while True:\n    W = W - 0.1 * dW\n"),
    "endless count": lambda: _program("k = 0\nwhile k < 10**12:\n    k += 1\n"),
    "comprehension": lambda: _program(
        "a = [[[b for b in range(10**5)] for c in range(10**5)] for d in range(10**5)]\n"
    ),
    "doubling": lambda: _program("a = [1]\n" + "a = a + a\n" * 60),
    "doubling of text": lambda: _program("a = 'a'\n" + "a = a * 1000\n" * 10),
    "doubling of expressions": lambda: _program("a = W.sum()\n" + "a = a * a + a\n" * 60),
    "doubling of arrays": lambda: _program("a = W\n" + "a = np.concatenate([a, a])\n" * 60),
    "shapes": lambda: _program(
        "a = np.zeros((10**9, 10**9))\nb = np.random.randn(10**9, 10**9) @ a\n"
    ),
    "many axes": lambda: _program("a = np.zeros((2,) * 60)\nb = a + a\n"),
    "outer": lambda: _program("a = x\n" + "a = np.outer(a, a)\n" * 20),
    "einsum": lambda: _program(
        "a = np.einsum('"
        + "i" * 4000
        + "', x)\nb = np.einsum('ij,jk,kl,lm,mn,no->io', x, x, x, x, x, x)\n"
    ),
    "powers": lambda: _program("a = 9**9**9**9\nb = 10**(10**10)\nc = 2**99999999\n"),
    "shifts": lambda: _program("a = 1 << 10**10\nb = 1 << 99999999\n"),
    "digits": lambda: _program("a = " + "9" * MB + "\n"),
    "fewer digits": lambda: _program("a = " + "9" * 4000 + "\nb = a * a * a * a\n"),
    "long string": lambda: _program("a = '" + "a" * 10 * MB + "'\n"),
    "string": lambda: _program("a = '" + "a" * MB + "'\nb = a * 10**6\n"),
    "nested lists": lambda: _program("a = " + "[" * 5000 + "]" * 5000 + "\n"),
    "parentheses": lambda: _program("a = " + "(" * 150 + "1" + ")" * 150 + "\n"),
    "additions": lambda: _program("a = " + "+".join(["W.sum()"] * 5000) + "\n"),
    "signs": lambda: _program("a = " + "-" * 20000 + "1\n"),
    "attributes": lambda: _program("a = x" + ".T" * 20000 + "\n"),
    "calls": lambda: _program("a = f" + "()" * 5000 + "\n"),
    "indentation": lambda: "".join(" " * k + "if 1:\n" for k in range(99)) + " " * 99 + "pass\n",
    "deeper indentation": lambda: (
        "".join(" " * k + "if x:\n" for k in range(2000)) + " " * 2000 + "pass\n"
    ),
    "lost indentation": lambda: "".join(f"def f{k}(x):\nreturn x\n" for k in range(3000)),
    "metaclass": lambda: _program(
        "class M(type):\n    def __new__(c, *a):\n        open('SENTINEL', 'w')\n"
        "class A(metaclass=M):\n    pass\n"
    ),
    "recursion": lambda: _program("def f(a):\n    return f(a + 1)\nb = f(W)\n"),
    "branching recursion": lambda: _program(
        "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)\nb = f(60)\n"
    ),
    "import": lambda: _program(
        "__import__('os').system('touch SENTINEL')\nimport os\nos.system('touch SENTINEL')\n"
    ),
    "exec": lambda: _program("exec(\"open('SENTINEL', 'w')\")\neval(\"open('SENTINEL', 'w')\")\n"),
    "open": lambda: _program(
        "open('SENTINEL', 'w').write('a')\nnp.save('SENTINEL', x)\nnp.savetxt('SENTINEL', x)\n"
    ),
    "subclasses": lambda: _program(
        "a = ().__class__.__bases__[0].__subclasses__()\nb = W.__class__.__init__.__globals__\n"
    ),
    "formatted": lambda: _program(
        "a = f\"{open('SENTINEL', 'w')}\"\nb = f'{W:>{10**9}}'\n"
        "c = '%1000000000d' % 1\nd = '{:1000000000}'.format(1)\n"
    ),
    "walrus": lambda: _program("print(a := [b := W, b := b - dW] * 10**9)\n"),
    "decorators": lambda: _program(
        "@__import__('os').system\n@lambda f: open('SENTINEL', 'w')\ndef f():\n    pass\n"
    ),
    "lambdas": lambda: _program("a = " + "(lambda f: f)(" * 80 + "W" + ")" * 80 + "\n"),
    "self-application": lambda: _program("f = lambda f: f(f)\na = f(f)\n"),
    "generators": lambda: _program(
        "def g():\n    while True:\n        yield W\na = list(g())\nb = sum(1 for _ in g())\n"
    ),
    "numbers": lambda: _program(
        "a = list(range(10**9))\nb = np.arange(10**9)\n"
        "c = np.linspace(0, 1, 10**9)\nd = np.eye(10**6)\n"
    ),
    "functions": lambda: "".join(f"def f{k}(x):\n    return x * {k}\n" for k in range(8000)),
    "assignments": lambda: _program("".join(f"a{k} = W * {k}\n" for k in range(8000))),
    "updates": lambda: _program("W -= 0.1 * dW\n" * 8000),
    "layers": lambda: (
        FORWARD
        + "".join("y = 1 / (1 + np.exp(-y @ np.zeros((1, 1))))\n" for k in range(300))
        + "E = ((y - d) ** 2).sum()\n"
    ),
    "deep copy": lambda: _program("a = []\na.append(a)\nprint(a)\nb = {}\nb['a'] = b\nprint(b)\n"),
    "null": lambda: _program("a = '\0'\n\0\n"),
    "surrogates": lambda: _program("a = '\\ud800'\nprint(a)\n"),
    "tabs": lambda: _program("if 1:\n\ta = 1\n        b = 2\n"),
    "semicolons": lambda: _program("a = 1;" * 50000),
    "continuations": lambda: _program("a = 1 \\\n" * 20000),
    "match": lambda: _program("match W:\n" + "".join(f" case {k}:\n  pass\n" for k in range(5000))),
    "raise": lambda: _program("raise SystemExit\nassert False\nquit()\n"),
    "async": lambda: _program("async def f():\n    async with a as b:\n        await b\n"),
    "star": lambda: _program("from os import *\nsystem('touch SENTINEL')\n"),
    "words only": lambda: "これは プログラム では ない。\n" * 20000,
    "quotes": lambda: "'''" * 100000,
}

NOTEBOOKS: dict[str, Callable[[], str]] = {
    "malformed": lambda: '{"cells": [',
    "nested": lambda: "[" * 100000,
    "nested and closed": lambda: "[" * 100000 + "]" * 100000,
    "nested metadata": lambda: '{"cells": ' + '{"a": ' * 50000 + "1" + "}" * 50001,
    "number": lambda: "1" * 100000,
    "no cells": lambda: "{}",
    "cells of numbers": lambda: _notebook(1, None, "a", [], {}),
    "sources of anything": lambda: _notebook(
        _cell(1), _cell(None), _cell({"a": 1}), _cell([1, [2]])
    ),
    "kinds of anything": lambda: _notebook(_cell("a = 1", 1), _cell("$a=b$", []), _cell("a", None)),
    "many cells": lambda: _notebook(*(_cell("$a=b$", "markdown") for _ in range(5000))),
    "many programs": lambda: _notebook(*(_cell(FORWARD) for _ in range(500))),
    "magic": lambda: _notebook(_cell("!touch SENTINEL\n%run SENTINEL\n%%bash\ntouch SENTINEL\n")),
    "long source": lambda: _notebook(_cell("$" * MB, "markdown")),
    "surrogates": lambda: '{"cells": [{"cell_type": "markdown", "source": "\\ud800 $a=b$"}]}',
    "infinity": lambda: '{"cells": Infinity, "nbformat": NaN}',
    "outputs": lambda: _notebook({**_cell("a = 1"), "outputs": [{"text": "a" * MB}] * 3}),
}

FILES: dict[str, tuple[str, Callable[[], str]]] = {
    **{f"page: {name}": (".md", make) for name, make in PAGES.items()},
    **{f"text: {name}": (".txt", make) for name, make in list(PAGES.items())[:20]},
    **{f"paper: {name}": (".tex", make) for name, make in PAPERS.items()},
    **{f"program: {name}": (".py", make) for name, make in PROGRAMS.items()},
    **{f"notebook: {name}": (".ipynb", make) for name, make in NOTEBOOKS.items()},
}
