"""δ leaves out 1/m only where the loss is a mean."""

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

PAGE = r"""All layers are sigmoid. The loss is $J = -%s\sum_{i=1}^{m}%s$ for $m$ examples,
which lie in columns,
$Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}$ and $A^{[l]} = \sigma(Z^{[l]})$.

$dZ^{[L]} = A^{[L]} - Y$

$dW^{[L]} = \frac{1}{m} dZ^{[L]} A^{[L-1]T}$

$db^{[L]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[L](i)}$

$\frac{\partial J}{\partial W^{[L]}} = \frac{1}{m} (A^{[L]} - Y) A^{[L-1]T}$
"""

LOSSES = (
    r"\sum_k(y^{(i)}_k\log a^{[L](i)}_k+(1-y^{(i)}_k)\log(1-a^{[L](i)}_k))",
    r"(y^{(i)}_k\log a^{[L](i)}_k+(1-y^{(i)}_k)\log(1-a^{[L](i)}_k))",
)


def judged(count, loss):
    found = verify_file("page.md", PAGE % (count, loss), Options()).findings[-4:]
    return [finding.verdict.value for finding in found], {t.code for t in found[1].mistakes}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_mean(loss):
    verdicts, codes = judged(r"\frac{1}{m}", loss)
    assert set(verdicts) <= {"proved", "proved_probabilistically"}
    assert not codes


@pytest.mark.parametrize("loss", LOSSES)
def test_a_sum(loss):
    (delta, *weights), codes = judged("", loss)
    assert delta == "proved"
    assert weights[:2] == ["refuted", "refuted"]
    assert weights[2] in ("refuted", "conditional")
    assert codes == {"M07"}
