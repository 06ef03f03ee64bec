"""Programs without layers: what is ahead of dense layers, in equations alone."""

from sympy import Expr, Integer, Piecewise, Rational, exp, log, sqrt, tanh

from symbp.equations.axis import Axis, total
from symbp.equations.calculus import ArgLargest, FunctionSymbol, Largest, Opaque, Partial
from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of

HALF = Rational(1, 2)
E = Tensor("E", role=Role.LOSS)


def program(*pairs, facts=()):
    """A program from pairs of sides; each is called after what it defines."""
    return Program(tuple(Equation(str(tensor_of(a).key), a, b) for a, b in pairs), facts)


def squares(left, right, *indices):
    return E[()], HALF * total((left - right) ** 2, *indices)


def adjoint(given: Program, tensor: Tensor, at: tuple[Expr, ...]) -> Expr:
    """Σ_c Σ_α c̄_α ∂c_α/∂t_at: each equation differentiated by SymPy, then contracted.

    The indices ``at`` must not occur in ``given``.
    """
    out = Integer(0)
    for c in given.users(tensor):
        slope = c.rhs.diff(tensor[at])
        out += total(bar(tensor_of(c.lhs))[indices_of(c.lhs)] * slope, *indices_of(c.lhs))
    return canonical(out)


def bar(tensor: Tensor) -> Tensor:
    """The derivative of the loss with respect to ``tensor``, by name."""
    return Tensor(f"{tensor.name} bar", tensor.axes, place=tensor.place)


def with_adjoints(given: Program) -> Program:
    """``given`` and what each c̄ is by definition: the derivative through all of it."""
    named = (
        Equation(f"bar {tensor.key}", bar(tensor).entry, Partial(given.loss, tensor.entry))
        for tensor in given.definitions
    )
    return given.extended(*named)


def at(tensor: Tensor) -> tuple[Expr, ...]:
    """Indices for an entry that occur nowhere else."""
    return tuple(axis.index(f"a{slot}") for slot, axis in enumerate(tensor.axes))


def wrts(given: Program) -> list[Tensor]:
    """What a program can be differentiated by: all that is real and enters an equation."""
    used = (tensor_of(e) for equation in given.equations for e in entries(equation.rhs))
    return [t for t in dict.fromkeys(used) if not t.labels]


# ---- axes ------------------------------------------------------------------------------------

SAMPLE, UNIT, HIDDEN = Axis("sample", None, "n"), Axis("unit", None, "j"), Axis("hidden")
CHANNEL, FILTER = Axis("channel"), Axis("filter")
SPACE, KERNEL, OUT = Axis("space"), Axis("kernel"), Axis("out")
SPACE2, KERNEL2, OUT2 = Axis("space2"), Axis("kernel2"), Axis("out2")
SOURCE, TARGET, HEAD = Axis("source"), Axis("target"), Axis("head")

n, j, k, h, g = (
    SAMPLE.index("n"),
    UNIT.index("j"),
    UNIT.index("k"),
    HIDDEN.index("h"),
    HIDDEN.index("g"),
)
c, o = CHANNEL.index("c"), FILTER.index("o")
i, p = OUT.index("i"), KERNEL.index("p")
i2, p2 = OUT2.index("i"), KERNEL2.index("p")
s, t, s2 = SOURCE.index("s"), TARGET.index("t"), SOURCE.index("q")
m = HEAD.index("m")


def tensor(name, *axes, role=Role.OTHER, **more):
    return Tensor(name, axes, role, **more)


# ---- convolution -----------------------------------------------------------------------------

CONV_X = tensor("x", SAMPLE, CHANNEL, SPACE)
CONV_W = tensor("w", FILTER, CHANNEL, KERNEL)
CONV_U = tensor("u", SAMPLE, FILTER, OUT)


def convolution(stride, offset=0, dilation=1):
    d, z = tensor("d", SAMPLE, FILTER, OUT), tensor("z", SAMPLE, FILTER, OUT)
    read = CONV_X[n, c, stride * i + dilation * p + offset]
    return program(
        (CONV_U[n, o, i], total(CONV_W[o, c, p] * read, c, p) + tensor("b", FILTER)[o]),
        (z[n, o, i], tanh(CONV_U[n, o, i])),
        squares(z[n, o, i], d[n, o, i], n, o, i),
    )


def convolution_2d():
    x, w = tensor("x", CHANNEL, SPACE, SPACE2), tensor("w", FILTER, CHANNEL, KERNEL, KERNEL2)
    u, d = tensor("u", FILTER, OUT, OUT2), tensor("d", FILTER, OUT, OUT2)
    read = x[c, 2 * i + p, 3 * i2 + p2]
    return program(
        (u[o, i, i2], total(w[o, c, p, p2] * read, c, p, p2)),
        squares(u[o, i, i2], d[o, i, i2], o, i, i2),
    )


def max_pooling():
    x, z, d = tensor("x", SAMPLE, SPACE), tensor("z", SAMPLE, OUT), tensor("d", SAMPLE, OUT)
    return program(
        (z[n, i], Largest(x[n, 2 * i + p], p)),
        squares(z[n, i], d[n, i], n, i),
    )


def averages_2d():
    x, z = tensor("x", SPACE, SPACE2), tensor("z", OUT, OUT2)
    return program(
        (z[i, i2], total(x[2 * i + p, 2 * i2 + p2], p, p2) / (KERNEL.size * KERNEL2.size)),
        (E[()], total(z[i, i2] ** 3, i, i2)),
    )


# ---- several axes like a batch -----------------------------------------------------------------


def attention():
    """A query for each place of the source, keys and values for each of the target."""
    x, y = tensor("x", SAMPLE, SOURCE, HIDDEN), tensor("y", SAMPLE, TARGET, HIDDEN)
    wq, wk, wv = (tensor(name, HIDDEN, HEAD) for name in ("wq", "wk", "wv"))
    q, d, out = (tensor(name, SAMPLE, SOURCE, HEAD) for name in ("q", "d", "o"))
    keys, v = (tensor(name, SAMPLE, TARGET, HEAD) for name in ("k", "v"))
    e, a = (tensor(name, SAMPLE, SOURCE, TARGET) for name in ("e", "a"))
    r = TARGET.index("r")
    return program(
        (q[n, s, m], total(wq[h, m] * x[n, s, h], h)),
        (keys[n, t, m], total(wk[h, m] * y[n, t, h], h)),
        (v[n, t, m], total(wv[h, m] * y[n, t, h], h)),
        (e[n, s, t], total(q[n, s, m] * keys[n, t, m], m) / sqrt(HEAD.size)),
        (a[n, s, t], exp(e[n, s, t]) / total(exp(e[n, s, r]), r)),
        (out[n, s, m], total(a[n, s, t] * v[n, t, m], t)),
        squares(out[n, s, m], d[n, s, m], n, s, m),
    )


def self_attention():
    """Query, key and value are one tensor, masked by a constant that depends on both places."""
    x, d = tensor("x", SOURCE, HEAD), tensor("d", SOURCE, HEAD)
    mask = tensor("m", SOURCE, SOURCE)
    e, a = tensor("e", SOURCE, SOURCE), tensor("a", SOURCE, SOURCE)
    out = tensor("o", SOURCE, HEAD)
    r = SOURCE.index("r")
    return program(
        (e[s, s2], total(x[s, m] * x[s2, m], m) / sqrt(HEAD.size) + mask[s, s2]),
        (a[s, s2], exp(e[s, s2]) / total(exp(e[s, r]), r)),
        (out[s, m], total(a[s, s2] * x[s2, m], s2)),
        squares(out[s, m], d[s, m], s, m),
    )


def normalisation(over, per):
    """Mean and variance over one axis of x[n, j], for each position on the other."""
    x, y, d = (tensor(name, SAMPLE, UNIT) for name in ("x", "y", "d"))
    mean, variance = tensor("mean", per.axis), tensor("variance", per.axis)
    gain, shift, epsilon = tensor("g", UNIT), tensor("b", UNIT), tensor("eps", role=Role.CONSTANT)
    count = over.axis.size
    scaled = (x[n, j] - mean[per]) / sqrt(variance[per] + epsilon[()])
    return program(
        (mean[per], total(x[n, j], over) / count),
        (variance[per], total((x[n, j] - mean[per]) ** 2, over) / count),
        (y[n, j], gain[j] * scaled + shift[j]),
        squares(y[n, j], d[n, j], n, j),
    )


# ---- maxima, conditions, labels, constants that depend on an index -----------------------------


def stable_log_softmax():
    """The maximum is taken off before exponentials are; it does not matter to the result."""
    x, a = tensor("x", SAMPLE, UNIT), tensor("a", SAMPLE)
    label = tensor("t", SAMPLE, role=Role.TARGET, labels=UNIT)
    return program(
        (a[n], Largest(x[n, j], j)),
        (E[()], -total(x[n, label[n]] - a[n] - log(total(exp(x[n, j] - a[n]), j)), n)),
    )


def embedding():
    """Rows of a table, chosen by labels."""
    table, label = tensor("w", UNIT, HIDDEN), tensor("t", SAMPLE, labels=UNIT)
    z, d = tensor("z", SAMPLE, HIDDEN), tensor("d", SAMPLE, HIDDEN)
    return program(
        (z[n, h], table[label[n], h]),
        squares(z[n, h], d[n, h], n, h),
    )


def masked():
    """An indicator, and a mask that is given for each pair of indices."""
    x, mask, w = tensor("x", UNIT), tensor("m", UNIT, HIDDEN), tensor("w", UNIT, HIDDEN)
    u, z, d = tensor("u", HIDDEN), tensor("z", HIDDEN), tensor("d", HIDDEN)
    return program(
        (u[h], total(mask[j, h] * w[j, h] * x[j], j)),
        (
            z[h],
            Piecewise((u[h], u[h] > 0), (u[h] / 10, True))
            + u[h] * Piecewise((1, d[h] > u[h]), (0, True)),
        ),
        squares(z[h], d[h], h),
    )


def value_at_largest():
    """What stands in one tensor where another is largest."""
    x, y = tensor("x", SAMPLE, UNIT), tensor("y", SAMPLE, UNIT)
    return program((E[()], total(y[n, ArgLargest(x[n, j], j)] ** 2 * Largest(x[n, j], j), n)))


# ---- parameters in several places ----------------------------------------------------------------


def recurrence(steps=3):
    """h at t from h at t − 1, by the same weights at every time."""
    w, v, d = tensor("w", HIDDEN, HIDDEN), tensor("v", UNIT, HIDDEN), tensor("d", HIDDEN)
    state = [tensor("h", HIDDEN, place=Integer(time)) for time in range(steps + 1)]
    x = [tensor("x", UNIT, place=Integer(time)) for time in range(steps + 1)]
    pairs = []
    for time in range(1, steps + 1):
        u, before = tensor("u", HIDDEN, place=Integer(time)), state[time - 1]
        read = total(v[j, h] * x[time][j], j)
        pairs.append((u[h], total(w[g, h] * before[g], g) + read))
        pairs.append((state[time][h], tanh(u[h])))
    return program(*pairs, squares(state[steps][h], d[h], h))


def autoencoder():
    """Back by the transpose of the weights that lead there."""
    x, w, u, y = (
        tensor("x", UNIT),
        tensor("w", UNIT, HIDDEN),
        tensor("u", HIDDEN),
        tensor("y", UNIT),
    )
    return program(
        (u[h], total(w[j, h] * x[j], j)),
        (y[j], total(w[j, h] * tanh(u[h]), h)),
        squares(y[j], x[j], j),
    )


def gram():
    """One tensor twice in a product, both along the same axes."""
    w, v = tensor("w", HIDDEN, UNIT), tensor("v", UNIT, UNIT)
    return program(squares(total(w[h, j] * w[h, k], h), v[j, k], j, k))


def opaque():
    """A function left open, one of its own for each place."""
    x, z = tensor("x", UNIT), tensor("z", UNIT)
    f = FunctionSymbol("f", Integer(1))
    return program((z[j], Opaque(f, x[j] ** 2)), (E[()], total(z[j] * x[j], j) ** 2))


PROGRAMS = {
    "convolution": convolution(1),
    "convolution with stride": convolution(2),
    "convolution, dilated and padded": convolution(1, offset=-1, dilation=2),
    "convolution in two directions": convolution_2d(),
    "average pooling": averages_2d(),
    "max pooling": max_pooling(),
    "attention": attention(),
    "self-attention": self_attention(),
    "layer normalisation": normalisation(over=j, per=n),
    "batch normalisation": normalisation(over=n, per=j),
    "stable log-softmax": stable_log_softmax(),
    "embedding": embedding(),
    "mask and indicator": masked(),
    "value at the largest": value_at_largest(),
    "recurrence": recurrence(),
    "tied weights": autoencoder(),
    "Gram matrix": gram(),
    "opaque function": opaque(),
}

SIZES = {
    SPACE: 5,
    SPACE2: 6,
    OUT: 2,
    OUT2: 3,
    KERNEL: 3,
    KERNEL2: 2,
    CHANNEL: 2,
    FILTER: 3,
    SAMPLE: 2,
    UNIT: 3,
    HIDDEN: 4,
    SOURCE: 3,
    TARGET: 4,
    HEAD: 2,
}
"""Small ones, since derivatives of everything by everything are compared."""
