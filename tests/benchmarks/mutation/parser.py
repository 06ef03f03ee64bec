"""A recursive descent from tokens to nodes. It knows only the glyphs that a file declares."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks.mutation.nodes import (
    Add,
    Call,
    Chain,
    Fraction,
    Group,
    Index,
    Indicator,
    Layer,
    Node,
    Norm,
    Number,
    Partial,
    Power,
    Product,
    Summed,
    Symbol,
)
from tests.benchmarks.mutation.spec import FUNCTIONS, LAYERED, Spec
from tests.benchmarks.mutation.tokens import Token

RELATIONS = {"=", r"\equiv", r"\leftarrow", ":="}
WRAPPERS = {r"\mathbf", r"\boldsymbol", r"\bm", r"\mathrm", r"\vec", r"\text", r"\mathcal"}
WRAPPERS |= {r"\operatorname", r"\mathsf", r"\bold"}
TRANSPOSES = {"T", r"\top"}
CLOSES = {"(": ")", "[": "]", "{": "}", r"\{": r"\}"}
STOPS = {")", "]", "}", r"\}", r"\|", ",", ".", "、", "。", ">", ";"}


class Unread(Exception):
    """This reader cannot read a formula: what was met, and where."""


class Parser:
    """One formula's tokens, read from left to right."""

    def __init__(self, line: Sequence[Token], spec: Spec) -> None:
        self.line, self.spec, self.at, self.last = list(line), spec, 0, None
        self.norms = 0

    def peek(self, ahead: int = 0) -> str:
        return self.line[self.at + ahead].text if self.at + ahead < len(self.line) else ""

    def take(self, expected: str = "") -> Token:
        if self.at >= len(self.line) or (expected and self.peek() != expected):
            raise Unread(expected or "more", self.peek())
        self.last = self.line[self.at]
        self.at += 1
        return self.last

    def span(self, first: int) -> tuple[int, int] | None:
        """The source of what was read since token ``first``."""
        begin, end = self.line[first], self.line[self.at - 1]
        whole = (begin.plain or begin.opens) and (end.plain or end.closes)
        return (begin.start, end.end) if whole and begin.start < end.end else None

    def chain(self) -> Chain:
        """Members and the signs between them; an empty first member continues a chain."""
        members: list[Node] = []
        signs, spans = [], []
        if self.peek() in RELATIONS:
            members.append(Number(0.0))
        else:
            members.append(self.sum())
        while self.at < len(self.line):
            if self.peek() in {".", ",", "、", "。", ";"} and self.at == len(self.line) - 1:
                break
            token = self.take()
            sign, end = token.text, token.end
            if sign in {":", "-", "+"} and self.peek() == "=":
                end, sign = self.take().end, sign + "="
            if sign not in RELATIONS | {"-=", "+="}:
                raise Unread("relation", sign)
            signs.append(sign)
            spans.append((token.start, end))
            members.append(self.sum())
        return Chain(tuple(members), tuple(signs), tuple(spans))

    def sum(self) -> Node:
        first, terms = self.at, []
        sign = 1
        if self.peek() in {"+", "-"}:
            sign = -1 if self.take().text == "-" else 1
        terms.append((sign, self.product()))
        while self.peek() in {"+", "-"} and self.peek(1) != "=":
            sign = -1 if self.take().text == "-" else 1
            terms.append((sign, self.product()))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return Add(tuple(terms), span=self.span(first))

    def product(self) -> Node:
        first = self.at
        factors: list[tuple[str, Node]] = [("", self.factor())]
        signs: list[tuple[int, int] | None] = [None]
        while self.at < len(self.line):
            here = self.peek()
            if here in RELATIONS | STOPS | {"+", "-", ":"} and (here != r"\|" or self.norms):
                break
            operator, where = "", None
            if here in {r"\cdot", r"\times", r"\odot", "/"}:
                token = self.take()
                operator = {r"\odot": "odot", "/": "/"}.get(here, "")
                where = (token.start, token.end)
            factors.append((operator, self.factor()))
            signs.append(where)
        if len(factors) == 1:
            return factors[0][1]
        return Product(tuple(factors), tuple(signs), span=self.span(first))

    def factor(self) -> Node:
        first = self.at
        base = self.base()
        mark = None
        while self.peek() == "^":
            self.take()
            token = self.line[self.at]
            inner = self.script()
            if len(inner) == 1 and inner[0].text in TRANSPOSES:
                mark = self.span(self.at - 1)
                base = Group(base, True, (token.start - 1, self.last.end), span=self.span(first))
            elif len(inner) == 1 and inner[0].text.isdigit():
                base = Power(base, int(inner[0].text), span=self.span(first))
            else:
                raise Unread("exponent", "".join(t.text for t in inner), str(mark))
        return base

    def script(self) -> list[Token]:
        """What stands in a subscript or superscript."""
        if self.peek() != "{":
            token = self.take()
            if token.text in WRAPPERS | {r"\mathsf"}:
                return self.script()
            return [token]
        self.take()
        inner, depth = [], 1
        while True:
            token = self.take()
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return [t for t in inner if t.text not in WRAPPERS | {"{", "}"}]
            inner.append(token)

    def base(self) -> Node:
        first, here = self.at, self.peek()
        if here in {r"\{", "(", "["} or (here == "{" and self.peek(1) != "}"):
            self.take()
            inner = self.sum()
            self.take(CLOSES[here])
            return Group(inner, span=self.span(first)) if here != "{" else inner
        if here and here[0].isdigit():
            return Number(float(self.take().text), span=self.span(first))
        if here == r"\frac":
            return self.fraction(first)
        if here == r"\partial":
            return self.slash_partial(first)
        if here == r"\sum":
            return self.summed(first)
        if here == r"\|":
            self.take()
            self.norms += 1
            inner = self.sum()
            self.norms -= 1
            self.take(r"\|")
            while self.peek() == "_":  # of Frobenius
                self.take()
                self.script()
            return Norm(inner, span=self.span(first))
        if here in {r"\mathbb", r"\mathbf"} and self.peek(2) == "1" and self.peek(4) in CLOSES:
            return self.indicator(first)
        return self.named(first)

    def fraction(self, first: int) -> Node:
        self.take()
        derived = self.peek() == "{" and self.peek(1) == r"\partial"
        parts = []
        for _ in range(2):
            if self.peek() != "{":
                self.split()
                parts.append(self.base())
                continue
            self.take("{")
            if derived:
                self.take(r"\partial")
            whole = derived and self.peek() == "}"
            parts.append(Number(1.0) if whole else self.sum())
            self.take("}")
        above, below = parts
        if not derived:
            return Fraction(above, below, span=self.span(first))
        if above == Number(1.0):  # an operator: it takes what follows
            above = self.product()
        return Partial(above, below, span=self.span(first))

    def split(self) -> None:
        r"""\frac12 is 1 over 2: each digit is an argument."""
        token = self.line[self.at]
        if token.text.isdigit() and len(token.text) > 1:
            self.line[self.at : self.at + 1] = [
                Token(digit, token.start + k, token.start + k + 1, token.plain)
                for k, digit in enumerate(token.text)
            ]

    def slash_partial(self, first: int) -> Node:
        self.take()
        above = self.factor()
        self.take("/")
        self.take(r"\partial")
        return Partial(above, self.factor(), span=self.span(first))

    def summed(self, first: int) -> Node:
        head = self.take()
        letters: tuple[Index, ...] = ()
        lower, bounds, end = 1, None, head.end
        while self.peek() in {"_", "^"}:
            is_lower = self.take().text == "_"
            inner = self.script()
            end = self.last.end
            if is_lower:
                plain = [t for t in inner if t.text != ","]
                if len(plain) >= 3 and plain[1].text == "=":
                    lower, bounds = int(plain[2].text), (plain[2].start, plain[2].end)
                    plain = plain[:1]
                letters = tuple(Index(t.text, span=(t.start, t.end)) for t in plain)
        if not letters:
            raise Unread("bound letter", "")
        span = (head.start, end) if head.plain else None
        body = self.product()
        return Summed(letters, body, lower, span, bounds, span=self.span(first))

    def indicator(self, first: int) -> Node:
        for _ in range(4):
            self.take()
        opening = self.take().text
        if self.peek(1) == "=":
            left: Node = Symbol(self.take().text)
            sign = self.take().text
            right: Node = Symbol(self.take().text)
        else:
            left = self.sum()
            sign = self.take().text
            right = self.sum()
        self.take(CLOSES[opening])
        return Indicator(left, right, sign, span=self.span(first))

    def name(self) -> str:
        here = self.peek()
        if here in WRAPPERS or here in {r"\hat", r"\bar"}:
            self.take()
            inner = self.script()
            text = "".join(t.text for t in inner)
            return ("hat " if here == r"\hat" else "") + text
        for size in (8, 7, 6, 5, 4, 3, 2):
            parts = [self.peek(k) for k in range(size)]
            joined = "".join(parts)
            if all(len(p) == 1 for p in parts) and joined in self.spec.names:
                for _ in range(size):
                    self.take()
                return joined
            wrapped = parts[0] + "".join(parts[2:-1])
            if parts[0] == "d" and size > 4 and parts[1] in WRAPPERS and wrapped in self.spec.names:
                break
        return self.take().text

    def named(self, first: int) -> Node:
        glyph = self.name()
        name_span = self.span(first)
        role = self.spec.names.get(glyph) or FUNCTIONS.get(glyph, "")
        if not role:
            raise Unread("glyph", glyph)
        if role.startswith("fun:"):
            return self.call(first, role[4:])
        layer, indices, sample, transposed, mark = None, (), None, False, None
        power = 0
        while self.peek() in {"_", "^", "'"}:
            at = self.line[self.at].start
            if self.take().text == "_":
                layer, indices = self.subscript(self.script(), role, layer)
                continue
            inner = self.script()
            layer, sample, flip, power = self.superscript(inner, role, layer, sample)
            if flip:
                transposed, mark = True, (at, self.last.end)
                if flip == "part":
                    where = inner[-1]
                    mark = (where.start, where.end)
        span = self.span(first)
        made: Node = Symbol(glyph, layer, indices, sample, transposed, name_span, mark, span=span)
        return Power(made, power, span=span) if power else made

    def call(self, first: int, function: str) -> Node:
        primes, mark = 0, None
        while self.peek() in {"'", "^", "_"}:
            if self.take().text == "'":
                primes, mark = primes + 1, self.span(self.at - 1)
                continue
            inner = self.script()
            count = sum(t.text in {r"\prime", "'"} for t in inner)
            if count:
                primes, mark = primes + count, self.span(self.at - 1)
        argument = self.factor()
        return Call(function, argument, primes, mark, span=self.span(first))

    def subscript(self, inner: list[Token], role: str, layer: Layer | None):
        inner = [t for t in inner if t.text != ","]
        if self.spec.layer == "sub" and role in LAYERED and layer is None:
            return self.layer(inner), ()
        indices = []
        for token in inner:
            if token.text.isdigit() and len(token.text) > 1:
                for k, digit in enumerate(token.text):
                    where = (token.start + k, token.start + k + 1)
                    indices.append(Index(digit, span=where))
            else:
                span = (token.start, token.end) if token.plain else None
                indices.append(Index(token.text, span=span))
        return layer, tuple(indices)

    def superscript(self, inner, role, layer, sample):
        """Layer, sample, whether transposed ("all" or "part" of the script), power."""
        flip: str = ""
        if inner[-1].text in TRANSPOSES and role != "count":
            flip = "all" if len(inner) == 1 else "part"
            inner = inner[:-1]
        while inner:
            opening = inner[0].text
            if opening in {"[", "("}:
                stop = next(k for k, t in enumerate(inner) if t.text == CLOSES[opening])
                part, inner = inner[1:stop], inner[stop + 1 :]
                if opening == "(" and self.spec.paren == "sample":
                    sample = Index(part[0].text, span=(part[0].start, part[0].end))
                else:
                    layer = self.layer(part)
                continue
            if role in LAYERED and self.spec.layer == "plain":
                layer, inner = self.layer(inner), []
                continue
            if len(inner) == 1 and inner[0].text.isdigit():
                return layer, sample, flip, int(inner[0].text)
            raise Unread("superscript", "".join(t.text for t in inner))
        return layer, sample, flip, 0

    def layer(self, inner: list[Token]) -> Layer:
        texts = [t.text for t in inner]
        plain = all(t.plain for t in inner)
        span = (inner[0].start, inner[-1].end) if plain else None
        shift = 0
        if len(texts) == 3 and texts[1] in {"+", "-"}:
            shift = int(texts[2]) * (1 if texts[1] == "+" else -1)
        elif len(texts) != 1:
            raise Unread("layer", "".join(texts))
        return Layer(texts[0], shift, span=span)


def parse(line: Sequence[Token], spec: Spec) -> Chain:
    """The relation that a row of mathematics claims. Raises Unread."""
    try:
        return Parser(line, spec).chain()
    except (IndexError, ValueError, StopIteration) as error:
        raise Unread("shape", str(error)) from error
