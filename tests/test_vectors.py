"""What Python and JavaScript share is what Python says today, byte for byte."""

import pytest

from tests.vectors import write


@pytest.mark.parametrize("name", write.FILES)
def test_vectors_are_what_write_writes(name):
    made = write.as_text(write.FILES[name]())

    assert (write.HERE / name).read_text(encoding="utf-8") == made


def test_pages_are_what_write_writes():
    made = {name: write.as_text(context) for name, context in write.page_cases().items()}
    kept = {one.stem: one.read_text(encoding="utf-8") for one in write.VIEWS.glob("*.json")}

    assert kept == made
