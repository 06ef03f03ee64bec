"""Which tensors have an adjoint with a name: where one derivation ends and the next begins.

An activation that follows its pre-activation, and is read by one equation only, is differentiated
on the way: δ = ∂E/∂u leads from u to the next u. Every other tensor is a stage of its own.
"""

from __future__ import annotations

from symbp.derivation.dependence import Dependence
from symbp.derivation.unroll import is_earlier, is_later
from symbp.equations.tensor import PARAMETERS, Role, Tensor, tensors_in

ENDS = (Role.TERM, Role.LOSS)


def is_stage(dependence: Dependence, tensor: Tensor) -> bool:
    """Whether the adjoint of ``tensor`` has a name."""
    equation = dependence.program.definitions.get(tensor)
    if equation is None or tensor.role in ENDS:
        return False
    if tensor.role is not Role.ACTIVATION or is_later(tensor):
        return True
    used = tensors_in(equation.rhs)
    follows = any(t.role is Role.PREACTIVATION and t.place == tensor.place for t in used)
    learns = any(t.role in PARAMETERS for t in used)
    return not follows or learns or len(dependence.users(tensor)) > 1


def stages(dependence: Dependence) -> list[Tensor]:
    """The stages through which the loss depends on a parameter, last first."""
    program = dependence.program
    loss = next(reversed([t for t in program.definitions if t.role is Role.LOSS]))
    learnt = [t for t in program.inputs if t.role in PARAMETERS and not is_later(t)]
    learnt += [t for t in program.inputs if is_earlier(t)]  # a path through the time before
    learning = dependence.ahead(learnt)
    return [
        tensor
        for tensor in reversed(program.definitions)
        if is_stage(dependence, tensor)
        and not is_later(tensor)
        and dependence.depends(loss, tensor)
        and tensor in learning
    ]
