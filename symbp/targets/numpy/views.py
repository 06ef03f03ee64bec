"""Matrices with their columns as rows: views that are there once, as the matrices are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from symbp.targets.numpy.numbered import Named


@dataclass(frozen=True)
class Views:
    """Views of those arrays that are ``there`` before all steps; ``free`` finds names for them."""

    there: Collection[str]
    free: Callable[[str], str]
    names: dict[str, str] = field(default_factory=dict)
    """By what they are views of, what those are called that have been asked for."""

    def turned(self, array: str) -> str:
        """The array's view with its columns as rows."""
        if array not in self.there:
            return f"{array}.T"
        if array not in self.names:
            self.names[array] = self.free(f"{array}_T")
        return self.names[array]

    def lines(self, width: int) -> list[str]:
        """The lines that make them, as many in each as fit."""
        found: list[str] = []
        taken: list[str] = []
        for array in self.names:
            if taken and len(self._made([*taken, array])) > width:
                found.append(self._made(taken))
                taken = []
            taken.append(array)
        return [*found, self._made(taken)] if taken else []

    def each(self, numbered: Named) -> list[str]:
        """A line for each, those of one kind in the order of their layers."""
        kinds = {array: numbered.get(array, (array, 0)) for array in self.names}
        stems = list(dict.fromkeys(stem for stem, _ in kinds.values()))
        order = sorted(self.names, key=lambda a: (stems.index(kinds[a][0]), kinds[a][1]))
        return [self._made([array]) for array in order]

    def _made(self, arrays: Collection[str]) -> str:
        views = ", ".join(f"{array}.T" for array in arrays)
        return f"{', '.join(self.names[array] for array in arrays)} = {views}"
