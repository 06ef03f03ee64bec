"""All mistakes by their codes, and the order in which they are thought of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symbp.verification.mistakes import (
    m01_output_slope,
    m02_hidden_slope,
    m03_slope_argument,
    m04_helper_argument,
    m05_sign,
    m06_constant,
    m07_mean,
    m08_other_loss,
    m09_index,
    m10_layer,
    m11_transposed,
    m12_outer,
    m13_elementwise,
    m14_sum_missing,
    m15_pulled_out,
    m16_path_dropped,
    m17_bias,
    m18_softmax_diagonal,
    m19_softmax_twice,
    m20_regulariser,
    m21_updated_first,
    m22_mask,
    m23_aliasing,
    m24_normalisation,
    m25_dropout,
    m26_stated_loss,
    m27_definition,
    m28_bounds,
    m29_range,
    m30_weak_check,
)
from symbp.verification.mistakes.mistake import Mistake

_ALL = (
    m01_output_slope.MISTAKE,
    m02_hidden_slope.MISTAKE,
    m03_slope_argument.MISTAKE,
    m04_helper_argument.MISTAKE,
    m05_sign.MISTAKE,
    m06_constant.MISTAKE,
    m07_mean.MISTAKE,
    m08_other_loss.MISTAKE,
    m09_index.MISTAKE,
    m10_layer.MISTAKE,
    m11_transposed.MISTAKE,
    m12_outer.MISTAKE,
    m13_elementwise.MISTAKE,
    m14_sum_missing.MISTAKE,
    m15_pulled_out.MISTAKE,
    m16_path_dropped.MISTAKE,
    m17_bias.MISTAKE,
    m18_softmax_diagonal.MISTAKE,
    m19_softmax_twice.MISTAKE,
    m20_regulariser.MISTAKE,
    m21_updated_first.MISTAKE,
    m22_mask.MISTAKE,
    m23_aliasing.MISTAKE,
    m24_normalisation.MISTAKE,
    m25_dropout.MISTAKE,
    m26_stated_loss.MISTAKE,
    m27_definition.MISTAKE,
    m28_bounds.MISTAKE,
    m29_range.MISTAKE,
    m30_weak_check.MISTAKE,
)

MISTAKES: Mapping[str, Mistake] = MappingProxyType({each.code: each for each in _ALL})

_SLOPES = ("M22", "M27")

HIDES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Where f' is missing, any slope that happens to be 1 there would fit, too.
        "M01": _SLOPES,
        "M02": _SLOPES,
        # The same loss with another factor is another loss.
        "M07": ("M08",),
        # Where the diagonal alone is left, a term, a sum or a product of matrices is missing, too.
        "M18": ("M13", "M14", "M16"),
        # A path through a statistic is a path; what goes on is told by its name.
        "M24": ("M16",),
        # The loss without its penalty is another loss, and has a path less.
        "M20": ("M08", "M16"),
    }
)
"""Codes that are not told beside another, which says the same more plainly."""
