"""Reports made by hand, as an engine would make them."""

from symbp.equations.equality import Witness
from symbp.verification.finding import Bound, Finding, Report, Said, Told
from symbp.verification.text import Spot
from symbp.verification.verdict import Verdict

SOURCE = r"""# 誤差逆伝播法

出力層では $\delta_j = (y_j-d_j)$ となる。
$$E = \frac12 \sum_j (y_j - d_j)^2$$
隠れ層 $\delta_j = \sum_k w_{jk}\delta_k$ <script>alert("x")</script>
$w \leftarrow w - \eta \delta z$ ???
"""

WRONG = Finding(
    Spot(3, 8),
    r"\delta_j = (y_j-d_j)",
    Verdict.REFUTED,
    Said("paper.refuted_known"),
    end=Spot(3, 28),
    label="a",
    mistakes=(Told("M01", Said("missing", {"slope": "f′(u_j)"})),),
    witness=Witness({"unit@1": 3, "unit@2": 2}, (0,), "0.331", "0.12"),
    wrong="(y_j-d_j)",
    right="δ_j = (y_j − d_j) f′(u_j)",
)
PROVED = Finding(
    Spot(4, 3), r"E = \frac12 \sum_j (y_j - d_j)^2", Verdict.PROVED, Said("paper.derived")
)
FOLLOWS = Finding(
    Spot(5, 6),
    r"\delta_j = \sum_k w_{jk}\delta_k",
    Verdict.CONDITIONAL,
    Said("paper.follows", {"line": "3"}),
    conditions=(Said("condition.follows", {"line": "3"}),),
    follows_from=3,
)
UPDATE = Finding(
    Spot(6, 2), r"w \leftarrow w - \eta \delta z", Verdict.ASSIGNMENT, Said("paper.assignment")
)
PROBABLE = Finding(
    Spot(6, 2), r"w \leftarrow w", Verdict.PROBABLE, Said("paper.holds"), error=2.0**-82
)
UNREAD = Finding(
    Spot(6, 34),
    "???",
    Verdict.NOT_UNDERSTOOD,
    Said("paper.unread.unexpected", {"found": "?", "expected": "=", "column": "1"}),
)
DEFINED = Finding(Spot(4, 3), "u = w z", Verdict.DEFINITION, Said("paper.definition.forward"))
CONFIRMED = Finding(Spot(4, 3), "log e = 1", Verdict.CONFIRMED, Said("paper.holds"))

FULL = Report(
    "class/学生.md",
    "paper",
    SOURCE,
    (WRONG, PROVED, FOLLOWS, UPDATE, PROBABLE, UNREAD, DEFINED, CONFIRMED),
    (Bound("u", "pre-activation", "preset"), Bound("δ", "delta", "document", 3)),
    "jp-uz",
    ((None, Said("note.encoding", {"encoding": "Shift_JIS"})), (Spot(6, 34), Said("trouble.x"))),
)
FINE = Report("b.md", "paper", SOURCE, (PROVED, UPDATE))
UNUSABLE = Report("c.md", "paper", "", unusable=Said("unusable.missing"))
UNREADABLE = Report("d.md", "paper", SOURCE, (UNREAD,))

HOSTILE = "<script>alert(1)</script>\"'>&amp;\x1b[31m\u202e`````{{ 7*7 }}\n# x"
"""A text that would do something in a page, a terminal, Markdown or a template."""
