"""Identifiers of a generated module: as the notation has them, each meaning one thing."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from keyword import kwlist, softkwlist

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import Partial
from symbp.equations.tensor import PARAMETERS, Role, Tensor, tensor_of
from symbp.lowering.arrays import Counted, Named, Neighbours, Temporary
from symbp.targets.plan import Names

OF_THE_MODULE = frozenset(
    (
        *("np", "math", "name", "params", "grads", "forward", "loss", "loss_and_grads"),
        *("Array", "Params", "Values", "SIZES", "SHAPES", "SPREAD", "SAMPLES"),
        *("masks", "Masks", "draw", "infer", "renewed", "values", "LEARNT", "rng", "ARRAYS"),
        *(
            "INPUT",
            "OUTPUT",
            "STARTS",
            "windows",
            "overlaid",
            "collected",
            "pieces",
            "earliest",
            "below",
        ),
        *(
            "OPTIMIZERS",
            "SCHEDULES",
            "sigmoid",
            "softmax",
            "log_softmax",
            "log_sum_exp",
            "log_not_softmax",
        ),
        *("erf", "erfc", "write_erf", "write_erfc", "in_parts", "state", "State"),
        *("direction", "hessian", "gauss_newton", "hessian_vector", "gauss_newton_vector"),
        *("by_layer", "by_name", "dtype_of", "is_float", "check_number"),
        *("WHOLE", "NUMBER", "SETTINGS", "MAY_BE_NONE", "BELOW_ONE", "ABOVE_ZERO"),
        *(
            "prepared",
            "laid_out",
            "Trainer",
            "both",
            "dtype",
            "work",
            "fed",
            "precise",
            "LINE",
            "zeros",
            "MANY",
            "PIECE",
            "FLUSHED",
        ),
    )
)
"""What the text of the template says where equations stand."""


OF_RUNNING = frozenset(
    (
        *("optimizer", "options", "rate", "schedule", "decay", "clip", "epochs", "batch_size"),
        *("seed", "validation", "split", "patience", "dtype", "verbose", "data", "entries"),
        *("Outputs", "terms", "validation_loss", "predict", "init_params", "train", "batches"),
        *("taken", "progress", "check_settings", "check_gradients", "check_inputs", "check_input"),
        *("check_data", "check_numbers", "check_params", "random_data", "accuracy", "count"),
        *("INPUTS", "TARGETS", "TOKENS", "MASKS", "InputError", "Diverged", "History"),
        *("save", "load", "read_npz", "read_data", "main", "np", "sys", "os", "time", "argparse"),
    )
)
"""What stands beside the names of several inputs."""

OF_PYTHON = frozenset((*kwlist, *softkwlist, *dir(builtins)))

NUMBER = re.compile(r"\d+")

KEPT = "params "
"""What stems begin with of names in the dict of parameters: a value may be called the same."""

LAYER = "l"
"""The number of a layer that is any."""

SIZES = "SIZES"
"""Where the numbers of units are found by the layer."""


class Identifiers:
    """Identifiers for what values name; ``base`` proposes, and collisions are resolved here.

    ``places`` are the axes whose sizes are numbers known in advance, in the order of SIZES;
    ``numbers`` are sizes written as the numbers that they are. ``count`` is the number of samples.
    The constants of a module are in capitals, those of a function are not.
    """

    def __init__(
        self,
        base: Names,
        places: Iterable[Axis] = (),
        *,
        count: str = "N",
        constants_upper: bool = True,
        numbers: Mapping[Axis, int] | None = None,
    ) -> None:
        self._base = base
        self._places = list(places)
        self._count = count
        self._numbers = numbers or {}
        self._upper = constants_upper
        self._taken = set(OF_THE_MODULE)
        self._known: dict[Named, str] = {}
        self._stems = {SIZES: SIZES}
        self._parted: dict[Named, tuple[str, int] | None] = {}

    def avoid(self, names: Iterable[str]) -> None:
        """Nothing is called so."""
        self._taken.update(names)

    def __call__(self, named: Named) -> str:
        if named not in self._known:
            self._known[named] = self._new(named)
        return self._known[named]

    def _new(self, named: Named) -> str:
        if isinstance(named, Size) and isinstance(named.axis, Counted):
            return str(named.axis.count)
        if isinstance(named, Size) and named.axis in self._numbers:
            return str(self._numbers[named.axis])
        if isinstance(named, Size):
            if named.axis in self._places:
                return f"SIZES[{self._places.index(named.axis)}]"
            return self.free(self._count)
        if isinstance(named, Index):
            return self.free(named.letter.replace("'", "_"))
        if isinstance(named, Neighbours):
            return self.free(f"{self(named.first)}_and_{self(named.last)}")
        if isinstance(named, Temporary) and named.of is not None:
            return self.free(f"{self(named.of)}_{named.label}")
        if isinstance(named, Temporary):
            return self.free(f"{named.label}_{named.number}" if named.number else named.label)
        constant = isinstance(named, Tensor) and named.role is Role.CONSTANT and not named.axes
        proposed = self._base(named)
        return self.free(proposed.upper() if constant and self._upper else proposed)

    def free(self, wanted: str) -> str:
        """``wanted``, with ``_`` behind it until it is nobody else's."""
        name = re.sub(r"\W|^(?=\d)", "_", wanted, flags=re.ASCII)
        while name in self._taken or name in OF_PYTHON:
            name += "_"
        self._taken.add(name)
        return name

    @cached_property
    def layer(self) -> str:
        """What the number of a layer is called that is any."""
        return self.free(LAYER)

    def together(self, stem: str) -> str:
        """What arrays are called together whose names are ``stem`` and the number of a layer."""
        if stem not in self._stems:
            self._stems[stem] = self.free(stem.removeprefix(KEPT))
        return self._stems[stem]

    def parted(self, named: Named) -> tuple[str, int] | None:
        """A name without the number of its layer, and that number; None where it has none."""
        if named not in self._parted:
            self._parted[named] = self._without_number(named)
        return self._parted[named]

    def _without_number(self, named: Named) -> tuple[str, int] | None:
        of = named
        while isinstance(of, (Temporary, Neighbours)):
            of = of.of if isinstance(of, Temporary) else of.first
        tensor = tensor_of(of.wrt) if isinstance(of, Partial) else of
        if not isinstance(tensor, Tensor) or tensor.place is None or not tensor.place.is_Integer:
            return None
        name = self(named)
        numbers = NUMBER.findall(name)
        stem = NUMBER.sub("", name)
        if len(set(numbers)) != 1:
            return None
        if isinstance(of, Partial) and self.parted(tensor) is None:
            return None
        if tensor.role is Role.DRAWN:
            stem = f"mask_{stem}"  # no value of a layer is called so
        elif of is tensor and tensor.role in (*PARAMETERS, Role.STATE):
            if not name.endswith(numbers[0]):
                return None  # in a dict it is found by what comes before its number
            stem = f"{KEPT}{stem}"
        return stem, int(numbers[0])

    def numbered(self) -> dict[str, tuple[str, int]]:
        """All names so far that have the number of a layer."""
        parted = {name: self.parted(named) for named, name in [*self._known.items()]}
        return {name: parts for name, parts in parted.items() if parts is not None}

    def passing(self) -> frozenset[str]:
        """All names so far of values that are only passed on."""
        return frozenset(name for of, name in self._known.items() if is_passing(of))


def is_passing(of: Named) -> bool:
    """Whether a value has no name of its own, nor that of another."""
    return isinstance(of, Temporary) and not of.of
