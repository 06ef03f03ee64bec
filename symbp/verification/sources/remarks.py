"""Which loss and which activations a document says that it uses, and what depends on what.

Only sentences that say so count: none with a negation, an example or several names at once.
"""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import re
from collections.abc import Iterator

from symbp.verification.page import Page
from symbp.verification.sources.sentences import Sentence, sentences
from symbp.verification.statement import Remark
from symbp.verification.text import Spot

LOSSES = (
    ("binary_cross_entropy", r"(?:バイナリ|二値|2値)\s*(?:交差|クロス)\s*エントロピー|binary cross-?\s*entropy|\bBCE\b|log(?:istic)? loss"),
    ("cross_entropy", r"交差エントロピー|クロス\s*エントロピー|cross-?\s*entropy|negative log-?likelihood"),
    ("half_squared_error", r"half (?:the )?(?:sum of )?squared error|half squared error|二乗誤差の半分|1/2\s*二乗誤差"),
    ("mean_squared_error", r"平均\s*(?:二|2)乗誤差|mean[- ]squared?[- ]error|\bMSE\b"),
    ("squared_error", r"(?:二|2)乗(?:和)?誤差|squared?[- ](?:error|loss)|quadratic (?:cost|loss|error)|sum of squares"),
)  # fmt: skip
ACTIVATIONS = (
    ("softmax", r"ソフトマックス|softmax"),
    ("sigmoid", r"シグモイド|(?:logistic )?sigmoid|logistic (?:function|activation|unit|nonlinearity)"),
    ("tanh", r"\btanh\b|双曲線正接|ハイパボリックタンジェント|hyperbolic tangent"),
    ("leaky_relu", r"leaky[- ]?relu|リーキー"),
    ("relu", r"(?<!leaky )(?<!leaky)relu|rectified linear|正規化線形|ランプ関数"),
    ("identity", (r"恒等(?:関数|写像)|identity|\blinear (?:output|activation|unit|layer)|線形関数"
     r"|(?<![-\w])linear(?=\s*(?:[.,;:)]|$))")),
)  # fmt: skip
PLACES = (
    (
        "output",
        r"出力層|最終層|(?<!層の)出力(?=[はに])|\b(?:outputs?|last|final|scores?|logits?)\b",
    ),
    (
        "hidden",
        r"中間層|隠れ層|隠し層|\bhidden\b|\bfirst (?:uses?|layers? uses?|(?:two|three|four|\d) (?:layers? )?use)\b",
    ),
)
SAYS = re.compile(
    r"使用(?:する|します|して|した)|使う|使い|使って|用いる|用います|用いて|用い、|とする|とします|とし[、,]|採用|を考え|とおく"
    r"|にする|にします|を仮定|\b(?:use[sd]?|using|take|taking|choose|chosen|consider|let|assume|assuming|suppose|"
    r"minimi[sz]es?|employ\w*|apply|adopt\w*|everywhere|throughout|(?:go|goes|pass|passes|passed|fed) (?:through|into))\b"
    r"|(?:^|[,;])\s*(?:sigmoid|logistic|tanh|relu|softmax|linear) "
    r"(?:units|neurons|activations|(?:hidden|output) (?:layers?|units?))\b"
    r"|\bwith (?:an? |the |one )?(?:linear|identity|softmax|sigmoid|logistic|tanh|relu) (?:output|hidden|activation|unit|layer|function)s?\b"
    r"|\b(?:linear|softmax|sigmoid|logistic|tanh|relu)(?: activations?| units| functions?)? (?:in|at|on|for) (?:the |all |each |every )?(?:hidden|output|last|final)\b"
    r"|\b(?:sigmoid|logistic|tanh|relu) (?:hidden )?(?:layers?|units) followed by\b",
    re.IGNORECASE,
)
HAS = re.compile(
    r"\b(?:is|are|be|has|have)\b|:|(?<=層)[はにも]|(?<=関数)は|(?<=出力)[はに]|ともに",
    re.IGNORECASE,
)
"""A verb that says so of what stands behind it: "the loss is …", 「出力層は…」."""
NAMED = re.compile(
    r"\\tanh|\\(?:mathrm|operatorname|text)\{(?:tanh|sigmoid|softmax|ReLU)\}|tanh|ReLU|softmax"
)
"""A formula that is no more than the name of a function."""
CALLED = re.compile(
    rf"(?P<letter>\\?[A-Za-z]+|[^\W\d_])\s*(?:\(\s*\\cdot\s*\))?\s*(?::=|=)"
    rf"\s*(?P<name>{NAMED.pattern})\s*(?:\(\s*\\cdot\s*\))?"
)
"""A formula that says which function a letter is: ``g = \\tanh``."""
UNSAID = re.compile(
    r"ではな|でない|でなく|せず|使わ|用いな|以外|代わり|例えば|たとえば|など|一般(?:的|に)|よく(?:使|用)|場合|とき|ならば|または|もしくは|あるいは"
    r"|系|こともあ|かもしれ|でしょうか|\?|かつて|昔"
    r"|\b(?:not|no|without|instead|rather|unlike|never|neither|nor|except|if|when|whether|or|either|e\.g\.|"
    r"such as|for example|for instance|usually|often|commonly|typical(?:ly)?|sometimes|could|might|would|may|can|"
    r"unless|versus|vs|had|were|originally|in contrast|later|next time|popular|called|known)\b|n't\b",
    re.IGNORECASE,
)
WITHOUT_BIAS = re.compile(r"\b(?:without|no) (?:the |any )?bias(?:es)?\b", re.IGNORECASE)
PENALTY = re.compile(
    r"regulari[sz]|penalt|weight decay|squared weights|squares? of (?:all )?(?:the )?weights"
    r"|正則化項|罰則項|重み減衰|重みの(?:二|2)乗",
    re.IGNORECASE,
)
SQUARES = re.compile(
    r"⟦(?P<factor>\d+)⟧ times the sum of (?:all )?(?:the )?"
    r"(?:squared weights|squares of (?:all )?(?:the )?weights)",
    re.IGNORECASE,
)
ROWS = re.compile(
    r"numerator layout|(?:derivatives?|gradients?|Jacobians?)\b[^.]{0,60}\brow vectors?\b"
    r"|(?:微分|勾配)[^。]{0,20}行ベクトル|分子レイアウト",
    re.IGNORECASE,
)
"""Derivatives by a vector are written as rows."""
ROW = re.compile(
    r"⟦(\d+)⟧\s*(?:is|are|be|as|を|は)\s*(?:a )?(?:row vectors?|行ベクトル)", re.IGNORECASE
)
CLAUSES = re.compile(r"[、,;;]|\b(?:and|while|but|whereas|followed by)\b")
DEPENDENCE = re.compile(
    r"(?<![A-Za-z\\])(?P<formula>[A-Za-z]\((?:[^()\s]|\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\))+\))"
)
DEPENDING = re.compile(
    r"の時|のとき|の場合|とき|時[、,]|\b(?:for|where|let|if|when|depends?|given)\b", re.IGNORECASE
)


def remarks(page: Page) -> tuple[Remark, ...]:
    """What holds for the page as a whole; where it says two things of one, neither is told."""
    found = [remark for sentence in sentences(page) for remark in _told(sentence)]
    return tuple(_agreed(found))


def _agreed(found: list[Remark]) -> Iterator[Remark]:
    said: dict[tuple[str, str, str], set[str]] = {}
    for remark in found:
        key = _about(remark)
        said.setdefault(key, set()).add(remark.facts["name"])
    for key, names in said.items():
        if len(names) == 1:
            yield next(remark for remark in found if _about(remark) == key)


def _about(remark: Remark) -> tuple[str, str, str]:
    return remark.kind, remark.facts.get("where", ""), remark.facts.get("glyph", "")


def _told(sentence: Sentence) -> Iterator[Remark]:
    if UNSAID.search(WITHOUT_BIAS.sub("", sentence.text)):
        return
    if ROWS.search(sentence.text) or _is_row(sentence):
        yield Remark("layout", sentence.at, {"name": "rows"})
    yield from _of_letters(sentence)
    yield from _of_formulas(sentence)
    says = bool(SAYS.search(sentence.text))
    losses = named(sentence.text, LOSSES)
    if len(losses) == 1 and (says or _is_said(sentence.text, LOSSES, r"loss|cost|error|損失|誤差")):
        yield Remark("loss", sentence.at, {"name": losses[0], **_penalty(sentence)})
    words = _with_names(sentence)
    activations = named(words, ACTIVATIONS)
    waiting: list[str] = []
    for clause in CLAUSES.split(words):
        names, places = named(clause, ACTIVATIONS), named(clause, PLACES)
        if places and not names and BARE.fullmatch(clause.strip()):
            waiting += places  # 「中間層、出力層ともに…」
            continue
        places = list(dict.fromkeys((*waiting, *places)))
        waiting = []
        layer = r"layer|unit|neuron|output|hidden|activation|network|層|出力|ネットワーク"
        said = says or _is_said(clause, ACTIVATIONS, layer)
        if not said or len(names) != 1 or (len(places) > 1 and not BOTH.search(clause)):
            continue
        if places or len(activations) == 1:
            where = places[0] if len(places) == 1 else ""
            yield Remark("activation", sentence.at, {"name": names[0], "where": where})


def _of_letters(sentence: Sentence) -> Iterator[Remark]:
    """``σ is the sigmoid``, ``the logistic function f``, 「σ はシグモイド関数」"""
    for name, pattern in ACTIVATIONS:
        if name == "identity":
            continue
        kind = rf"(?:{pattern})(?:\s*(?:functions?|activations?|nonlinearity|units?|関数))*"
        for words in (rf"{SIGN}\s*{IS}\s*{kind}", rf"{kind}\s*を?\s*{SIGN}"):
            for found in re.finditer(words, sentence.text, re.IGNORECASE):
                typed = found[2] or sentence.maths[int(found[1])].text.content.strip()
                letter = LETTER.fullmatch(typed)
                if letter:
                    yield _of_function(sentence, found.start(), name, letter["letter"])


def _is_row(sentence: Sentence) -> bool:
    r"""``let $\delta$ be a row vector``"""
    found = ROW.search(sentence.text)
    typed = sentence.maths[int(found[1])].text.content if found else ""
    return bool(re.search(r"\\delta|δ|\\partial|∂|\\nabla|∇", typed))


def _of_formulas(sentence: Sentence) -> Iterator[Remark]:
    r"""``g = \tanh``"""
    for place, formula in sentence.formulas():
        called = CALLED.fullmatch(formula.text.content.strip())
        names = named(called["name"], ACTIVATIONS) if called else []
        if called and len(names) == 1:
            yield _of_function(sentence, place.start(), names[0], called["letter"])


def _of_function(sentence: Sentence, position: int, name: str, letter: str) -> Remark:
    """Which function ``letter`` is, as is said at ``position``; of one layer if its clause says."""
    places = named(_clause(sentence.text, position), PLACES)
    where = places[0] if len(places) == 1 else ""
    return Remark("activation", sentence.at, {"name": name, "where": where, "glyph": letter})


def _clause(words: str, position: int) -> str:
    """The clause of a sentence in which something stands."""
    ends = [(found.start(), found.end()) for found in CLAUSES.finditer(words)]
    start = max((end for _, end in ends if end <= position), default=0)
    return words[start : min((begin for begin, _ in ends if begin >= position), default=None)]


SIGN = r"(?:⟦(\d+)⟧|(?<![A-Za-z\\])([fghσφψ])(?:\(\w\))?(?![A-Za-z]))"
IS = r"(?:is|are|being|denotes|means|stands for|=|:|は|を|が)\s*(?:an?|the|our)?\s*(?:standard|usual|logistic)?"
LETTER = re.compile(r"(?P<letter>\\?[A-Za-z]+|[^\W\d_])\s*(?:\(\s*(?:\\cdot|\w)\s*\))?")
"""A function: by its letter, or with its argument."""
BARE = re.compile(
    r"\S{1,4}層(?:も)?|(?:(?:the|both|all) )*(?:hidden|output) layers?", re.IGNORECASE
)
"""A clause that names a layer and says nothing of it yet."""
BOTH = re.compile(r"ともに|とも|共に|いずれも|どちらも|両方|[層]も|\bboth\b|\ball\b", re.IGNORECASE)


def _with_names(sentence: Sentence) -> str:
    """The words, with those formulas among them that are the name of a function."""
    text = sentence.text
    for found, formula in reversed(list(sentence.formulas())):
        content = formula.text.content.strip()
        if NAMED.fullmatch(content):
            text = f"{text[: found.start()]} {content} {text[found.end() :]}"
    return text


def _penalty(sentence: Sentence) -> dict[str, str]:
    """What is added to the loss for the weights: a factor of the sum of their squares, or "?"."""
    found = SQUARES.search(sentence.text)
    if found:
        return {"penalty": sentence.maths[int(found["factor"])].text.content}
    return {"penalty": "?"} if PENALTY.search(sentence.text) else {}


def _is_said(words: str, table: tuple[tuple[str, str], ...], of: str) -> bool:
    """``the output layer is a sigmoid``: what it is said of, the verb, the name."""
    verb = HAS.search(words)
    if not verb or not re.search(of, words[: verb.start()], re.IGNORECASE):
        return False
    return bool(named(words[verb.end() :], table)) and not named(words[: verb.start()], table)


def named(words: str, table: tuple[tuple[str, str], ...]) -> list[str]:
    """The names that occur; a longer name hides a shorter one within it."""
    found: list[str] = []
    for name, pattern in table:
        words, count = re.subn(pattern, " ", words, flags=re.IGNORECASE)
        if count:
            found.append(name)
    return found


def dependences(sentence: str, at: Spot) -> Iterator[Remark]:
    """``E(u,v)`` and ``u(x,y)`` in words such as "E(u,v) の時"."""
    if DEPENDING.search(sentence):
        for found in DEPENDENCE.finditer(sentence):
            yield Remark("depends", at, {"formula": found["formula"]}, "claim")
