"""What a function takes out of dicts and tuples: arrays, or those of all layers together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from symbp.lowering.arrays import Named
from symbp.targets.numpy import layout
from symbp.targets.numpy.names import NUMBER, Identifiers
from symbp.targets.numpy.statements import WIDTH

Keys = Mapping[Named, Named]
"""For what has a name in a function, that by whose name it is found in a dict."""


@dataclass(frozen=True)
class Tables:
    """``stems`` are what is left of the names of arrays that are found by their layer: w[2]."""

    names: Identifiers
    stems: frozenset[str] = frozenset()

    def __call__(self, named: Named) -> str:
        """What an array is called, or those of all layers that it is one of."""
        stem = self._stem(named)
        return self.names(named) if stem is None else self.names.together(stem)

    def at(self, named: Named) -> str:
        """How an array is found: by its name, or by its number."""
        parted = self.names.parted(named)
        return f"{self(named)}[{parted[1]}]" if parted and self.has(named) else self(named)

    def has(self, named: Named) -> bool:
        """Whether an array is found by the number of its layer."""
        return self._stem(named) is not None

    def all(self, several: Iterable[Named]) -> list[str]:
        """What they are called, each once."""
        return list(dict.fromkeys(map(self, several)))

    def taken_out(self, table: str, keys: Keys, used: Collection[Named], order: str) -> list[str]:
        """The lines that take ``used`` ones out of the dict ``table``, whose ``order`` is known."""
        if not any(map(self.has, keys)):
            known = {self.names(own): self.names(key) for own, key in keys.items()}
            return layout.taken_out(table, known, list(map(self.names, used)), order, WIDTH)
        wanted = set(used)
        pairs = [(own, key) for own, key in keys.items() if own in wanted]
        alone = [(own, key) for own, key in pairs if not self.has(own)]
        several = {self(own): self._left(key) for own, key in pairs if self.has(own)}
        return [
            *(f'{self.names(own)} = {table}["{self.names(key)}"]' for own, key in alone),
            *layout.given(
                list(several), [f'by_layer({table}, "{stem}")' for stem in several.values()], WIDTH
            ),
        ]

    def unpacked(self, source: str, fields: Sequence[Named], used: Collection[Named]) -> list[str]:
        """The lines that take ``used`` ones out of the tuple ``source`` of all ``fields``."""
        wanted = self.all(each for each in fields if each in used)
        if len(wanted) < 2:
            return [f"{name} = {source}.{name}" for name in wanted]
        names = [name if name in wanted else f"_{name}" for name in self.all(fields)]
        return layout.unpacked(names, source, WIDTH)

    def dict(self, values: Keys, head: str = "", width: int = layout.WIDTH) -> str:
        """A dict of arrays by the names of what they are ``values`` for."""
        alone = [(self.names(key), self(of)) for of, key in values.items() if not self.has(of)]
        several = {self._left(key): self(of) for of, key in values.items() if self.has(of)}
        if not several:
            return layout.dict_text(head, alone, width)
        given = [f"{stem}={name}" for stem, name in several.items()]
        text = layout.block(f"{head}by_name(", given, ")", width)
        return layout.dict_text(f"{text} | ", alone, width) if alone else text

    def _stem(self, named: Named) -> str | None:
        parted = self.names.parted(named)
        return parted[0] if parted and parted[0] in self.stems else None

    def _left(self, named: Named) -> str:
        """What is left of the name of an array without a number."""
        return NUMBER.sub("", self.names(named))
