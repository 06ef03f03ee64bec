"""What calls write to: tables of functions by their names, and what follows for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from symbp.verification.code.library import METHODS
from symbp.verification.code.values import (
    Arr,
    Builtin,
    Cell,
    Class,
    Function,
    Instance,
    Module,
    Open,
    Unknown,
    Value,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CHANGING = _words(
    """
    at copyto fill_diagonal place put put_along_axis putmask shuffle
    byteswap fill itemset partition resize setfield setflags sort
    """
)
"""Functions and methods that change their first array."""

FIRST = ("a", "arr", "dst", "x")
"""What that array is called where it is given by its name."""

VIEWS = _words(
    """
    array_split as_strided asanyarray asarray ascontiguousarray asfarray asfortranarray asmatrix
    atleast_1d atleast_2d atleast_3d broadcast_arrays broadcast_to conj diagonal dsplit expand_dims
    flip fliplr flipud frombuffer hsplit imag matrix_transpose moveaxis nditer nested_iters
    permute_dims ravel real require reshape rollaxis rot90 sliding_window_view split squeeze
    swapaxes transpose unstack view vsplit
    """
)
"""Functions and methods whose result may have the entries of what they are given."""

READING_METHODS = (METHODS - {"fill"}) | _words(
    """
    argpartition argsort choose compress conjugate cumprod cumsum diagonal dump dumps nonzero prod
    ptp round searchsorted take tobytes tofile tostring
    __copy__ __getitem__ __len__ __repr__ __str__
    """
)
"""Methods that leave their array as it is."""

READING = _words(
    """
    IPython PIL argparse bokeh collections contextlib copy csv cv2 dataclasses datetime glob gzip
    h5py imageio itertools joblib json keras logging math matplotlib mlflow mpl_toolkits os pandas
    pathlib pd pickle plotly plt pprint re seaborn sklearn sns statistics string struct sys tabulate
    tensorboard tensorboardX tensorflow textwrap time timeit tqdm typing urllib wandb warnings
    zipfile
    """
)
"""Packages that leave the arrays they are given as they are."""

_INPUTS: Mapping[str, int] = {
    name: made.nin for name, made in vars(np).items() if isinstance(made, np.ufunc)
}
_OUT: Mapping[str, int] = {
    **_INPUTS,
    **dict.fromkeys(("erf", "erfc", "expit"), 1),
    **dict.fromkeys(("amax", "amin", "argmax", "argmin", "around", "choose", "concatenate"), 2),
    **dict.fromkeys(("all", "any", "dot", "max", "min", "outer", "ptp", "round"), 2),
    **dict.fromkeys(("clip", "compress", "cumprod", "cumsum", "mean", "nanmean", "nansum"), 3),
    **dict.fromkeys(("prod", "std", "sum", "take", "var"), 3),
}
"""The place behind their inputs at which functions are told where to put their result."""


CALLING = frozenset({"filter", "map"})
"""Functions of Python's that call what they are given."""


def is_array(value: Value) -> bool:
    return isinstance(value, Cell) or (isinstance(value, (Arr, Unknown)) and bool(value.of))


def out_of(name: str, args: Sequence[Value], kw: Mapping[str, Value]) -> Value:
    """Where a function of NumPy puts its result; None where it makes a new array."""
    place = _OUT.get(name.rpartition(".")[2], len(args))
    behind = args[place] if place < len(args) else None
    given = kw.get("out", behind if is_array(behind) or isinstance(behind, (Open, tuple)) else None)
    return given[0] if isinstance(given, tuple) and len(given) == 1 else given


def written(function: Value, args: Sequence[Value], kw: Mapping[str, Value]) -> list[Value]:
    """What a call that is not followed surely may change, as its function is known to write."""
    if isinstance(function, (Function, Class, Instance)):
        return [function, *args, *kw.values()]
    if not is_numeric(function):
        return []
    name = function.name.rpartition(".")[2]
    owner = getattr(function, "self", None)
    found = [out_of(name, args, kw), kw.get("out")]
    if name in CHANGING or (owner is not None and name not in READING_METHODS):
        first = args[:1] if owner is None else [owner]
        found += [*first, *(kw[key] for key in FIRST if key in kw)]
    if {"blas", "lapack"} & set(function.name.split(".")):
        found += [*args, *kw.values()]
    if any(key.startswith("overwrite") or key == "output" for key in kw):
        found += [*args, *kw.values()]
    return found


def perhaps_written(function: Value, args: Sequence[Value], kw: Mapping[str, Value]) -> list[Value]:
    """What a call that is not followed would change if what is not known of it wrote to that."""
    given = [*args, *kw.values()]
    if is_numeric(function):
        return [each for each in given if isinstance(each, Function)]
    if isinstance(function, Builtin):
        is_calling = function.name in CALLING or any(isinstance(g, Function) for g in given)
        return given if is_calling else []
    if isinstance(function, Module):
        return [] if function.name.partition(".")[0] in READING else given
    return [function, *given]


def may_view(function: Value, args: Sequence[Value], kw: Mapping[str, Value]) -> bool:
    """Whether the result of a call may have entries of what is given, and not copies of them."""
    if not is_numeric(function):
        return True
    name = function.name.rpartition(".")[2]
    is_turned = name == "einsum" and len(args) == 2  # another order of the entries of one
    return name in VIEWS or is_turned or kw.get("copy") is False


def is_numeric(function: Value) -> bool:
    """Whether a function is of NumPy, or a method of an array."""
    if isinstance(function, Builtin):
        return function.numeric or isinstance(function.self, (Arr, Cell, Open, Unknown))
    return isinstance(function, Module) and function.name.partition(".")[0] == "numpy"
