"""Reports survive the way out of a worker; other data makes no report."""

import json

import pytest
from hypothesis import given

from symbp.verification.finding import Report
from symbp.verification.reports.codec import Malformed, decode, encode
from tests.verification.reports.drawing import reports
from tests.verification.reports.samples import FINE, FULL, UNUSABLE


def there_and_back(report):
    return decode(Report, json.loads(json.dumps(encode(report), allow_nan=False)))


@pytest.mark.parametrize("report", [FULL, FINE, UNUSABLE], ids=lambda report: report.file)
def test_round_trip(report):
    assert there_and_back(report) == report


@given(reports())
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
