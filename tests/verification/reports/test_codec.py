"""Reports survive the way out of a worker; other data makes no report."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbp.equations.equality import Witness
from symbp.verification.finding import Bound, Finding, Report, Said, Told
from symbp.verification.reports.codec import Malformed, decode, encode
from symbp.verification.text import Spot
from symbp.verification.verdict import Verdict
from tests.verification.reports.samples import FINE, FULL, UNUSABLE

NUMBERS = st.integers(0, 10**6)
TEXTS = st.text(max_size=8)
SAID = st.builds(Said, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2))
SPOTS = st.builds(Spot, NUMBERS, NUMBERS)
FINDINGS = st.builds(
    Finding,
    SPOTS,
    TEXTS,
    st.sampled_from(Verdict),
    SAID,
    st.none() | SPOTS,
    TEXTS,
    st.lists(SAID, max_size=2).map(tuple),
    st.lists(st.builds(Told, TEXTS, SAID), max_size=2).map(tuple),
    st.none() | NUMBERS,
    st.none()
    | st.builds(
        Witness,
        st.dictionaries(TEXTS, NUMBERS, max_size=2),
        st.lists(NUMBERS, max_size=2).map(tuple),
        TEXTS,
        TEXTS,
    ),
    st.floats(0, 1),
    TEXTS,
    TEXTS,
)
REPORTS = st.builds(
    Report,
    TEXTS,
    TEXTS,
    TEXTS,
    st.lists(FINDINGS, max_size=2).map(tuple),
    st.lists(st.builds(Bound, TEXTS, TEXTS, TEXTS, st.none() | NUMBERS), max_size=2).map(tuple),
    TEXTS,
    st.lists(st.tuples(st.none() | SPOTS, SAID), max_size=2).map(tuple),
    st.none() | SAID,
)


def there_and_back(report):
    return decode(Report, json.loads(json.dumps(encode(report), allow_nan=False)))


@pytest.mark.parametrize("report", [FULL, FINE, UNUSABLE], ids=lambda report: report.file)
def test_round_trip(report):
    assert there_and_back(report) == report


@given(REPORTS)
def test_any_report_comes_back(report):
    assert there_and_back(report) == report


def test_what_is_no_number_leaves_as_null():
    assert encode([float("nan"), float("inf"), 0.5]) == [None, None, 0.5]


WHOLE = encode(FULL)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {**WHOLE, "more": 1},
        {**WHOLE, "file": 3},
        {**WHOLE, "findings": "x"},
        {**WHOLE, "findings": [{**WHOLE["findings"][0], "verdict": "surely"}]},
        {**WHOLE, "findings": [{**WHOLE["findings"][0], "at": [1, 2]}]},
        {**WHOLE, "notes": [[None]]},
        {**WHOLE, "unusable": {"key": "x", "facts": {"a": 1}}},
    ],
)
def test_other_data_is_refused(data):
    with pytest.raises(Malformed):
        decode(Report, data)
