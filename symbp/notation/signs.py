"""What one sign means: an entry, a scalar, an index, δ_{ij}, dW for ∂E/∂W, w_{0j} for a bias."""

from __future__ import annotations

from sympy import Expr, Integer

from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor
from symbp.notation import formula as tree
from symbp.notation.indices import BIAS_UNIT, is_turned
from symbp.notation.meaning import Meaning
from symbp.notation.positions import position
from symbp.notation.read_error import ReadError


def value(meaning: Meaning, sign: tree.Sign) -> Expr:
    """An entry, a scalar, or an index that stands by itself. Raises ReadError."""
    lexicon, convention, unplaced = meaning.lexicon, meaning.convention, meaning.unplaced
    if not sign.indices and sign in lexicon.scalars:
        return lexicon.scalars[sign]
    plain = sign._replace(indices=())
    is_letter = not sign.indices and not sign.place and not lexicon.has(plain)
    if is_letter and meaning.letters.is_bound(meaning.neutral(sign)):
        return meaning.letters.index(meaning.neutral(sign), meaning.column(sign))
    indices = tuple(i for i in sign.indices if not isinstance(i, tree.Sample))
    in_order = indices[::-1] if convention.weight_to_from else indices
    if plain in lexicon.gradients:
        tensor = lexicon.gradients[plain]
        return slope(meaning, tensor, _entry(meaning, sign, [tensor], tuple(sign.indices)))
    if _is_kronecker(meaning, sign, plain):
        return meaning(tree.Iverson(tree.Relation(sign.indices[0], "=", sign.indices[1])))
    if in_order[:1] == (BIAS_UNIT,):
        biases = lexicon.biases.get(plain) or unplaced.tensors(sign, as_weight=True)
        if biases:
            return _entry(meaning, sign, biases, in_order[1:])
    found = lexicon.tensors.get(plain) or unplaced.tensors(sign)
    if not found and not sign.indices:
        found = lexicon.whole.get(plain, [])
    if not found and sign.glyph == convention.glyphs[Role.BIAS]:
        found = unplaced.tensors(sign, as_weight=True)
    if not found:
        raise _unknown(meaning, sign)
    return _entry(meaning, sign, found, indices)


def slope(meaning: Meaning, tensor: Tensor, entry: Expr) -> Expr:
    """∂E/∂W for dW; of the cost of one sample where δ is, too."""
    found = Partial(meaning.lexicon.loss, entry)
    samples = [axis for axis in tensor.axes if axis.name == "sample"]
    return found * samples[0].size if samples and meaning.convention.delta_scale else found


def _is_kronecker(meaning: Meaning, sign: tree.Sign, plain: tree.Sign) -> bool:
    """δ_{ij}, where nothing else that is called δ has two indices."""
    if sign.glyph != "δ" or sign.place or sign.label or len(sign.indices) != 2:
        return False
    if not all(isinstance(i, (tree.Sign, tree.Number)) for i in sign.indices):
        return False
    others = [*meaning.lexicon.tensors.get(plain, ()), *meaning.lexicon.elsewhere(plain)]
    return all(len(tensor.axes) < 2 for tensor in others)


def _entry(
    meaning: Meaning, sign: tree.Sign, tensors: list[Tensor], indices: tuple[tree.Formula, ...]
) -> Expr:
    """The entry at ``indices`` of the one of ``tensors`` that has so many axes."""
    sample = next((i.which for i in sign.indices if isinstance(i, tree.Sample)), None)
    indices = tuple(i for i in indices if not isinstance(i, tree.Sample))
    fitting = [t for t in tensors if _indices_below(t, sample) == len(indices)]
    if len(fitting) > 1 or (not indices and not fitting and len(tensors) > 1):
        raise ReadError("ambiguous_sign", meaning.column(sign), found=sign.glyph)
    if not indices and not fitting:
        return meaning.bare_entry(sign, tensors[0], sample)
    if not fitting:
        wanted = tuple(sorted({len(t.axes) for t in tensors}))
        column = meaning.column(sign)
        raise ReadError("indices", column, found=len(indices), wanted=wanted, sign=sign.glyph)
    (tensor,) = fitting
    is_bias = meaning.lexicon.notation.spelling.is_bias_as_weight(tensor)
    # Where the sample stands above, what is below is in order.
    turned = is_turned(tensor, meaning.convention) and sample is None
    in_order = indices[::-1] if turned and not is_bias else indices
    if _is_constant_unit(meaning, tensor, in_order):
        meaning.unplaced.drop(tensor)
        return Integer(1)
    positions = [position(meaning, index) for index in in_order]
    if sample is not None:
        positions.insert(0, position(meaning, sample))
    return meaning.letters.entry(tensor, positions)


def _indices_below(tensor: Tensor, sample: tree.Formula | None) -> int | None:
    """How many indices stand below; None with a sample above where the tensor has none."""
    if sample is None:
        return len(tensor.axes)
    has_samples = bool(tensor.axes) and tensor.axes[0].name == "sample"
    return len(tensor.axes) - 1 if has_samples else None


def _is_constant_unit(meaning: Meaning, tensor: Tensor, indices: tuple[tree.Formula, ...]) -> bool:
    """Whether it is z_0, which is 1: what the bias is multiplied by."""
    is_input = tensor.role is Role.ACTIVATION and meaning.convention.bias_as_weight
    return is_input and indices[-1:] == (BIAS_UNIT,)


def _unknown(meaning: Meaning, sign: tree.Sign) -> ReadError:
    similar = meaning.lexicon.similar(sign)
    found = f"{sign.glyph}^{sign.place}" if sign.place else sign.glyph
    return ReadError("unknown_sign", meaning.column(sign), found=found, similar=similar)
