"""Time that is over stops a file wherever it is, and keeps what was found."""

import signal
import threading
import time

import pytest

from symbp.verification.options import Options
from symbp.verification.timing import Deadline, OutOfTime
from symbp.verification.verify import verify_file
from tests.machine import in_time
from tests.verification.hostile_files import FILES

SLOW = ("page: layers", "page: indices of one axis", "program: lost indentation")


def spin():
    while True:
        sum(range(100))


def test_what_runs_on_is_stopped():
    found = []
    deadline = Deadline(0.2)
    with deadline.stopping():
        found.append("first")
        try:
            spin()
        except Exception:  # noqa: BLE001 - what mends errors does not mend this
            found.append("caught")
    assert deadline.was_met
    assert found == ["first"]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


class Slow:
    """Its destructor takes what time there is: Python drops an error raised in there."""

    def __del__(self):
        spin()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_destructor_does_not_swallow_the_end():
    deadline = Deadline(0.1)
    with deadline.stopping():
        slow = Slow()
        del slow
        spin()
    assert deadline.was_met
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_what_is_in_time_is_left_alone():
    before = signal.getsignal(signal.SIGALRM)
    deadline = Deadline(20)
    with deadline.stopping():
        assert list(deadline.until([1, 2])) == [1, 2]
    assert not deadline.was_met
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_errors_pass():
    with pytest.raises(KeyError), Deadline(20).stopping():
        raise KeyError


def test_without_a_limit_nothing_is_stopped():
    deadline = Deadline(None)
    with deadline.stopping():
        assert list(deadline.until(range(3))) == [0, 1, 2]
    assert deadline.spent == 0


def test_only_a_share_of_the_time():
    deadline = Deadline(0.2)
    now = time.process_time()
    while time.process_time() - now < 0.05:
        pass
    assert list(deadline.until([1], 0.1)) == []
    assert deadline.was_met
    assert list(deadline.until([1], 100)) == [1]


def test_sleeping_is_stopped_later():
    began = time.monotonic()
    with Deadline(0.1).stopping():
        time.sleep(60)
    assert time.monotonic() - began < 30


def test_in_a_thread_nothing_is_interrupted():
    found = []

    def work():
        with Deadline(0.01).stopping():
            time.sleep(0.1)
            found.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == ["done"]


@pytest.mark.parametrize("name", SLOW)
def test_a_hostile_file_ends_by_a_plain_message(name):
    ending, make = FILES[name]
    now = time.process_time()
    report = verify_file(f"file{ending}", make(), Options(seconds=0.3))
    assert in_time(time.process_time() - now, 3)
    keys = {said.key for _, said in report.notes}
    assert "limit.time_rest" in keys or (report.unusable and report.unusable.key == "limit.time")


def test_a_fault_of_the_compiler_when_time_is_over_is_the_end():
    deadline = Deadline(0.02)
    with deadline.stopping():
        try:
            while True:
                pass
        except OutOfTime:
            raise SystemError("AST constructor recursion depth mismatch") from None
    assert deadline.was_met


def test_any_other_fault_is_no_end():
    with pytest.raises(SystemError), Deadline(60).stopping():
        raise SystemError


def test_out_of_time_is_no_error():
    assert not issubclass(OutOfTime, Exception)
