"""How deep each statement stands, where only the statements tell."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from symbp.verification.code.lines import FOLLOWERS, LEAVING, Line


@dataclass
class Layout:
    """How deep each line stands, found block by block from the outside in."""

    lines: list[Line]
    depths: list[int] = field(default_factory=list)
    doubts: list[tuple[int, int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.depths = [0] * len(self.lines)

    def block(self, start: int, stop: int, depth: int, outer: tuple[int, ...]) -> None:
        """Lay out the lines of one body, all of which stand at ``depth`` or deeper."""
        at = start
        while at < stop:
            self.depths[at] = depth
            line = self.lines[at]
            at += 1
            if line.is_head:
                end = self._end(at - 1, stop, outer)
                self.block(at, end, depth + 1, (*outer, at - 1))
                at = end

    def _end(self, head: int, stop: int, outer: tuple[int, ...]) -> int:
        """The line behind the body of ``head``."""
        line = self.lines[head]
        match line.word:
            case "class":
                least = most = self._first(
                    head + 1,
                    stop,
                    lambda x: bool(x.node) and not x.is_method and x.word in ("def", "class"),
                )
                least = self._behind_last(head + 1, most, lambda k: self.lines[k].is_method)
                if least > head + 1:
                    method = least - 1
                    least = self._function(method, most)[0]
            case "def":
                least, most = self._function(head, stop)
            case "for" | "while":
                least, most = self._loop(head, stop)
            case _:
                least, most = self._branch(head, stop)
        first = self._first(head + 1, stop, lambda x: not x.is_blank)
        least, most = max(least, first + 1), max(most, first + 1)
        return self._decided(head, min(least, stop), min(most, stop))

    def _decided(self, head: int, least: int, most: int) -> int:
        rest = [k for k in range(least, most) if not self.lines[k].is_blank]
        if not rest:
            return least
        is_def = self.lines[head].word in ("def", "class")
        if not (is_def and any(self.lines[k].is_blank for k in range(least, rest[0]))):
            self.doubts += [(k, head, False) for k in rest]
        return least

    def _function(self, head: int, stop: int) -> tuple[int, int]:
        """At least up to the last ``return`` and the last use of a name that only it knows."""
        line = self.lines[head]
        most = self._first(head + 1, stop, lambda x: x.word in ("def", "class") or _is_main(x))
        name = next(iter(line.binds), "")
        most = self._first(head + 1, most, lambda x: name in x.reads and x.word != "return")
        returns = self._behind_last(head + 1, most, lambda k: self.lines[k].word == "return")
        known = {n for k in range(head) for n in self.lines[k].binds if not self.depths[k]}
        known.discard("self")
        own = set(line.parameters) - known
        least = returns
        for k in range(head + 1, most):
            local = self.lines[k]
            if k < least or own & (local.reads - known):
                least = max(least, k + 1)
                own |= set(local.binds) - known
        if returns > head + 1 and not self._guarded(returns - 1, head):
            return returns, returns
        return least, self._needed_outside(least, most, stop)

    def _needed_outside(self, least: int, most: int, stop: int) -> int:
        """The first line that binds what the outside, from ``most`` on, needs from the inside."""
        wanted = {n for k in range(most, stop) for n in self.lines[k].reads}
        for k in range(most - 1, least - 1, -1):
            if self.lines[k].binds & wanted:
                wanted |= self.lines[k].reads
                most = k
        return most

    def _guarded(self, at: int, head: int) -> bool:
        """Whether the statement ``at`` is the first below an ``if`` or a loop inside ``head``."""
        before = at - 1
        while before > head and self.lines[before].is_blank:
            before -= 1
        return before > head and self.lines[before].is_head

    def _loop(self, head: int, stop: int) -> tuple[int, int]:
        """At least as far as it changes what it reads, or hands on what it computed."""
        own = set(self.lines[head].binds)
        free, inner = set(self.lines[head].reads), set(own)
        least = head + 1
        for k in range(head + 1, stop):
            line = self.lines[k]
            free |= line.reads - inner
            carried = line.binds & free
            handed = isinstance(line.node, ast.Expr) and not line.is_shown and line.reads & inner
            if carried or handed or line.reads & own or line.word == "continue":
                least = k + 1
            inner |= line.binds
        most = stop
        if least < stop and self.lines[least].word in FOLLOWERS:
            least = stop
        return least, most

    def _branch(self, head: int, stop: int) -> tuple[int, int]:
        """Up to the ``else`` that belongs to it; else one statement, or those that only show."""
        nested = 0
        for k in range(head + 1, stop):
            word = self.lines[k].word
            if word in ("if", "try"):
                nested += 1
            if word in FOLLOWERS:
                if not nested:
                    return k, k
                nested -= word in ("else", "finally")
        first = self._first(head + 1, stop, lambda x: not x.is_blank)
        if first < stop and (self.lines[first].word in LEAVING or self.lines[head].word == "with"):
            return first + 1, first + 1 if self.lines[first].word in LEAVING else stop
        if self.lines[head].word == "if" and _is_main(self.lines[head]):
            return stop, stop
        if first < stop and self.lines[first].is_head:
            return self._end(first, stop, ()), stop
        last = first + 1
        inner = set(self.lines[first].binds) if first < stop else set()
        while last < stop and self.lines[last].is_shown and (self.lines[last].reads & inner):
            last += 1
        following = self._first(last, stop, lambda x: not x.is_blank)
        is_clear = (
            following < stop and self.lines[first].is_shown and not self.lines[following].is_shown
        )
        return last, last if is_clear else min(following + 1, stop)

    def _first(self, start: int, stop: int, wanted: Callable[[Line], bool]) -> int:
        return next((k for k in range(start, stop) if wanted(self.lines[k])), stop)

    def _behind_last(self, start: int, stop: int, wanted: Callable[[int], bool]) -> int:
        return next((k + 1 for k in range(stop - 1, start - 1, -1) if wanted(k)), start)


def _is_main(line: Line) -> bool:
    return line.word == "if" and "__name__" in line.reads


def _is_apart(line: Line) -> bool:
    """Whether the line begins something that is no method."""
    return line.word in ("def", "class") and not line.is_method
