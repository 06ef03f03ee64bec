"""What δ means on a page: as it is defined, unless the lines tell against the definition."""

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

HEAD = r"""Sigmoid units everywhere. The loss is $E = \frac12\sum_k (z^L_k-d_k)^2$.

$u^l_j=\sum_i w^l_{ij}z^{l-1}_i+b^l_j$, $z^l_j=\sigma(u^l_j)$

"""

BY = {
    "u": r"\delta^l_j=\frac{\partial E}{\partial u^l_j}",
    "z": r"\delta^l_j=\frac{\partial E}{\partial z^l_j}",
    "-u": r"\delta^l_j=-\frac{\partial E}{\partial u^l_j}",
}

USES = {
    "u": (
        r"\delta^L_j=(z^L_j-d_j)\sigma'(u^L_j)",
        r"\delta^l_j=\sigma'(u^l_j)\sum_k\delta^{l+1}_k w^{l+1}_{jk}",
        r"\frac{\partial E}{\partial w^l_{ij}}=\delta^l_j z^{l-1}_i",
        r"\frac{\partial E}{\partial b^l_j}=\delta^l_j",
    ),
    "z": (
        r"\delta^L_j=z^L_j-d_j",
        r"\delta^l_j=\sum_k\delta^{l+1}_k\sigma'(u^{l+1}_k)w^{l+1}_{jk}",
        r"\frac{\partial E}{\partial w^l_{ij}}=\delta^l_j\sigma'(u^l_j)z^{l-1}_i",
        r"\frac{\partial E}{\partial b^l_j}=\delta^l_j\sigma'(u^l_j)",
    ),
    "-u": (
        r"\delta^L_j=(d_j-z^L_j)\sigma'(u^L_j)",
        r"\delta^l_j=\sigma'(u^l_j)\sum_k\delta^{l+1}_k w^{l+1}_{jk}",
        r"\frac{\partial E}{\partial w^l_{ij}}=-\delta^l_j z^{l-1}_i",
        r"\frac{\partial E}{\partial b^l_j}=-\delta^l_j",
    ),
}


def refuted(*lines: str) -> list[tuple[str, set[str]]]:
    page = HEAD + "\n\n".join(f"${line}$" for line in lines)
    found = verify_file("page.md", page, Options()).findings
    assert all(f.verdict.value != "not_understood" for f in found)
    return [(f.text, {t.code for t in f.mistakes}) for f in found if f.verdict.value == "refuted"]


@pytest.mark.parametrize("said", BY)
@pytest.mark.parametrize("used", USES)
def test_a_definition_is_held_against_its_uses(said, used):
    """It stands where it is used so; else it is the slip, and it alone."""
    found = refuted(BY[said], *USES[used])
    if said == used:
        assert found == []
    else:
        ((text, codes),) = found
        assert (text, "M27" in codes) == (BY[said], True)


@pytest.mark.parametrize("used", USES)
def test_without_a_definition_all_lines_say_what_is_meant(used):
    assert refuted(*USES[used]) == []


@pytest.mark.parametrize("said", BY)
def test_one_other_use_is_the_slip_itself(said):
    other = {"u": "z", "z": "u", "-u": "z"}[said]
    lines = (*USES[said][:2], USES[other][2], USES[said][3])
    assert [text for text, _ in refuted(BY[said], *lines)] == [USES[other][2]]


def test_one_line_does_not_tell_against_a_definition():
    """To forget f' in the output is the commonest of mistakes."""
    ((text, codes),) = refuted(BY["u"], USES["z"][0])
    assert text == USES["z"][0]
    assert "M01" in codes
