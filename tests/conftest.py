"""What all tests share: how hypothesis draws, and what is skipped where, and why."""

import gc
import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings

from symbp.cache.place import SWITCH
from symbp.cli import SELDOM

# No deadlines: what a machine is busy with besides is no property of the code.
settings.register_profile("symbp", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("symbp"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "symbp"))

# What is tested is made now; the processes that tests start inherit this.
os.environ[SWITCH] = "0"
# They are hundreds: without bytecode, each would compile all of symbp once more.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# As the command has it: what has a limit of time here must not wait for garbage of other tests.
gc.set_threshold(SELDOM)


@pytest.fixture(autouse=True, scope="module")
def _kept() -> Iterator[None]:
    """What a module of tests leaves behind, networks above all, is not looked through again."""
    yield
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("lualatex"):
        return
    reason = "no lualatex here; .ci/run installs it on Debian"
    for item in items:
        if item.get_closest_marker("latex"):
            item.add_marker(pytest.mark.skip(reason=reason))
