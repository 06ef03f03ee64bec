"""Reports drawn at random, with anything in them that a report can hold."""

from hypothesis import strategies as st

from symbp.equations.equality import Witness
from symbp.verification.finding import Bound, Finding, Report, Said, Told
from symbp.verification.text import Spot
from symbp.verification.verdict import Verdict


def reports(texts=None, numbers=None):
    """Reports with ``texts`` and ``numbers`` at every place."""
    texts = st.text(max_size=8) if texts is None else texts
    numbers = st.integers(0, 10**6) if numbers is None else numbers
    said = st.builds(Said, texts, st.dictionaries(texts, texts, max_size=2))
    spots = st.builds(Spot, numbers, numbers)
    told = st.builds(Told, st.sampled_from(["M01", "M09", "x"]) | texts, said)
    witnesses = st.builds(
        Witness,
        st.dictionaries(texts, numbers, max_size=2),
        st.lists(numbers, max_size=2).map(tuple),
        texts,
        texts,
    )
    findings = st.builds(
        Finding,
        spots,
        texts,
        st.sampled_from(Verdict),
        said,
        st.none() | spots,
        texts,
        st.lists(said, max_size=2).map(tuple),
        st.lists(told, max_size=2).map(tuple),
        st.none() | numbers,
        st.none() | witnesses,
        st.floats(0, 1),
        texts,
        texts,
    )
    return st.builds(
        Report,
        texts,
        texts,
        texts,
        st.lists(findings, max_size=3).map(tuple),
        st.lists(st.builds(Bound, texts, texts, texts, st.none() | numbers), max_size=2).map(tuple),
        texts,
        st.lists(st.tuples(st.none() | spots, said), max_size=2).map(tuple),
        st.none() | said,
    )
