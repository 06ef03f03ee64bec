"""Plans for tests, from declared networks and from backward equations written by one rule."""

import itertools

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Sum, Symbol

from symbp.equations.axis import Index, total
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, entries, tensor_of
from symbp.losses.criterion import Targets
from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.optimizers.clipping import CLIPPING
from symbp.optimizers.rule import RULES
from symbp.optimizers.schedule import SCHEDULES, schedule
from symbp.targets.plan import (
    LearntTensor,
    Line,
    ModulePlan,
    Samples,
    Settings,
    UpdateRule,
)

ONE = Integer(1)


def planned(network: Network, notation="jp-uz", layout=None) -> ModulePlan:
    """A plan as a pipeline makes one, but for derivations: these have no numbers."""
    spelled = Notation(notation, network.depth)
    forward = [e for e in network.program().equations if e.id[0] in "uz"]
    loss = [e for e in network.program().equations if e.id in ("D", "R", "E")]
    counter = itertools.count(1)

    def lines(equations, *, numbered=True):
        return tuple(
            Line(e, str(next(counter)) if numbered else "", spelled.unicode_equation(e.lhs, e.rhs))
            for e in equations
        )

    criterion = network.loss.criterion
    kind = {Targets.ONE_HOT: "one_hot", Targets.LABELS: "labels"}.get(criterion.targets, "values")
    if kind == "values" and criterion.name == "binary_cross_entropy":
        kind = "probabilities"
    optimizer = network.optimizer
    return ModulePlan(
        name=network.name,
        title=network.title.en or network.name,
        names=spelled.identifier,
        sizes=network.sizes(),
        input=network.input,
        prediction=network.prediction,
        target=network.target,
        forward=lines(forward),
        loss=lines(loss),
        backward=lines(backward(network)),
        parameters=tuple(
            LearntTensor(p.tensor, p.initialiser.kind, p.initialiser.scale)
            for p in network.parameters()
        ),
        optimizers=tuple(
            UpdateRule(
                rule.name,
                lines(rule.equations, numbered=False),
                rule.states,
                constants_of(rule, optimizer),
            )
            for rule in RULES.values()
        ),
        schedules=tuple((name, lines(schedule(name), numbered=False)) for name in SCHEDULES),
        clipping=lines([CLIPPING], numbered=False),
        constants=tuple(network.constants().items()),
        settings=Settings(
            optimizer.name,
            optimizer.rate,
            optimizer.schedule,
            optimizer.decay,
            optimizer.clip,
            network.training.epochs,
            network.training.batch_size,
            network.training.seed,
        ),
        target_kind=kind,
        samples=None
        if network.data is None or isinstance(network.data, str)
        else Samples(network.data.inputs, network.data.targets),
        batched=network.batch,
        layout=layout or {},
        documents=("derivation.en.md", "derivation.ja.md"),
    )


def constants_of(rule, optimizer):
    declared = optimizer.constants if rule == optimizer.rule else rule.constants
    return tuple((Tensor(name, (), Role.CONSTANT), value) for name, value in declared)


def backward(network: Network) -> tuple[Equation, ...]:
    """δ of each layer from the next one's, then the gradients; SymPy differentiates."""
    equations = {e.id: e for e in network.program().equations}
    params = {(p.tensor.role, int(p.tensor.place)): p.tensor for p in network.parameters()}
    lam = [t[()] for t in network.constants() if t.name == "lam"]
    out, deltas = [], {}
    for place in range(len(network.layers), 0, -1):
        u, z = equations[f"u@{place}"].lhs, equations[f"z@{place}"]
        *samples, j = u.indices
        delta = Tensor("delta", tensor_of(u).axes, Role.DELTA, Integer(place))
        if place == len(network.layers):
            slope = by_prediction(equations.get("D", equations["E"]).rhs, z.lhs, j)
        else:
            k = tensor_of(equations[f"u@{place + 1}"].lhs).axes[-1].index("k")
            w = params[Role.WEIGHT, place + 1]
            slope = total(deltas[place + 1][(*samples, k)] * w[j, k], k)
        deltas[place] = delta
        out.append(Equation(f"delta@{place}", delta[(*samples, j)], through(slope, u, z, j)))
        out += gradients(equations, params, place, delta, tuple(samples), lam)
    return tuple(out)


def by_prediction(loss: Expr, z: Expr, j: Index) -> Expr:
    """∂loss/∂z_j, where the loss is one sum over entries of z."""
    sums = [f for f in Mul.make_args(loss) if isinstance(f, Sum)]
    body = sums[0].function if sums else loss
    (entry,) = entries(body, tensor_of(z))
    y = Symbol("y", real=True)
    factor = loss / sums[0] if sums else 1
    slope = factor * body.xreplace({entry: y}).diff(y).xreplace({y: entry})
    picked = entry.indices[-1]
    return slope if isinstance(picked, Index) else slope * KroneckerDelta(picked, j)


def through(slope: Expr, u: Expr, z: Equation, j: Index) -> Expr:
    """Σ_m slope_m ∂z_m/∂u_j"""
    if not z.rhs.has(Sum):
        v = Symbol("v", real=True)
        return slope * z.rhs.xreplace({u: v}).diff(v).xreplace({v: u})
    m = j.axis.index("m")
    here = {j: m}
    labels = [d.args for d in slope.atoms(KroneckerDelta)]
    if labels:  # the sum over m has one term: that of the label
        right = next(a for a in labels[0] if a != j)
        plain = Add(slope).xreplace({KroneckerDelta(*labels[0]): ONE})
        picked = z.lhs.xreplace({j: right})
        return plain * picked * (KroneckerDelta(*labels[0]) - z.lhs)
    return z.lhs * (slope - total(slope.xreplace(here) * z.lhs.xreplace(here), m))


def gradients(equations, params, place, delta, samples, lam):
    w = params[Role.WEIGHT, place]
    i, j = w.axes[0].index("i"), w.axes[1].index("j")
    E = equations["E"].lhs
    incoming = next(
        e for e in entries(equations[f"u@{place}"].rhs) if tensor_of(e).role is Role.ACTIVATION
    )
    decay = lam[0] * w[i, j] if lam else 0
    here = delta[(*samples, j)]
    yield Equation(f"grad.w@{place}", Partial(E, w[i, j]), total(here * incoming, *samples) + decay)
    if (b := params.get((Role.BIAS, place))) is not None:
        yield Equation(f"grad.b@{place}", Partial(E, b[j]), total(here, *samples))
