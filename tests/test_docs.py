"""Every block of Python in the documents is run, a document's blocks one after another."""

import re
from pathlib import Path

import pytest

DOCUMENTS = sorted((Path(__file__).parents[1] / "docs").glob("*.md"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_its_blocks_run(document):
    blocks = re.findall(r"```python\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL)
    names = {}
    for block in blocks:
        exec(block, names)  # noqa: S102 - our own documents
