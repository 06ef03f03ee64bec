"""Windows that lead outside of their array, one entry after the other: copies, and zeros."""

from __future__ import annotations

from symbp.lowering.arrays import Window
from symbp.lowering.passes.steps import Sizes, inside


def is_shift(value: Window) -> bool:
    """Whether what is read is the array itself, some steps on."""
    own = value.arg.axes[value.position]
    same = own is not None and value.at.along == (own.axis,)
    return same and value.at.steps == (1,) and value.at.start != 0


def shifted(value: Window, out: str, array: str) -> str:
    """A copy some steps on, with zeros where it comes from outside."""
    before, by = ":, " * value.position, value.at.start
    read, kept = (f":{by}", f"{-by}:") if by < 0 else (f"{by}:", f":-{by}")
    beyond = f":{-by}" if by < 0 else f"-{by}:"
    moved = f"np.copyto({out}[{before}{kept}], {array}[{before}{read}])"
    return f"{moved}\n{out}[{before}{beyond}] = 0"


def padded(value: Window, out: str, array: str, sizes: Sizes) -> str:
    """What lies inside of the array, and zeros."""
    found = inside(value, sizes)
    assert found is not None
    (first, last), by, before = found, value.at.start, ":, " * value.position
    own, read = (f"{at or ''}:{at + last - first}" for at in (first, first + by))
    lines = [f"np.copyto({out}[{before}{own}], {array}[{before}{read}])"]
    lines += [f"{out}[{before}:{first}] = 0"] if first else []
    lines += [f"{out}[{before}{last}:] = 0"] if last < sizes[value.at.along[0]] else []
    return "\n".join(lines)
