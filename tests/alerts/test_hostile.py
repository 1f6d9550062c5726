"""Any bytes are accepted, accepted with warnings or refused with a reason, within bounds."""

import tracemalloc

from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.alerts.documents import MAX_BYTES
from server.alerts.reading import read
from tests.alerts.messages import SAMPLES, cap

OUTCOMES = {"accepted", "accepted_with_warnings", "rejected"}
SEEDS = [path.read_bytes() for path in sorted(SAMPLES.glob("*.xml"))]


def is_answered(content):
    reading = read(content)
    assert reading.outcome in OUTCOMES
    assert bool(reading.reason) == (reading.outcome == "rejected")


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=3000))
@example(b"<?xml version='1.0' encoding='UTF-7'?><alert/>")
@example(b"<?xml version='1.0' encoding='nothing'?><alert/>")
@example(b"\x00" * 100)
@example(b"<a:alert xmlns:a='urn:oasis:names:tc:emergency:cap:1.2'/>")
def test_random_bytes_are_answered(content):
    is_answered(content)


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=6))))
def test_damaged_messages_are_answered(content, damages):
    for at, put in damages:
        at %= len(content)
        content = content[:at] + put + content[at + len(put) // 2 :]

    is_answered(content)


WORDS = st.sampled_from(
    ["", " ", "Alert", "Actual", "Public", "22,114 22,115 23,116 22,114", "1e999,2", "٣,٤", "a,b,c"]
)


@settings(max_examples=400, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["identifier", "sent", "status", "msgType", "references", "note"]), WORDS
    ),
    st.lists(st.tuples(st.sampled_from(["polygon", "circle", "geocode", "areaDesc"]), WORDS)),
)
def test_strange_fields_are_answered(fields, area):
    inside = "".join(f"<{name}>{said}</{name}>" for name, said in area)

    is_answered(cap(f"<info><area>{inside}</area></info>", **fields).encode())


def test_the_largest_files_take_little_room():
    ring = " ".join(f"{n % 90}.123456,{n % 180}.123456" for n in range(80_000))
    many = cap("<info/>" * 200_000).encode()
    areas = cap(f"<info>{'<area/>' * 200_000}</info>").encode()
    large = cap(f"<info><area><polygon>{ring}</polygon></area></info>").encode()
    feed = b"<rss>" + cap().encode() * 2500 + b"</rss>"

    for content in (many, areas, large, feed, b"<a>" * (MAX_BYTES // 3)):
        tracemalloc.start()
        is_answered(content)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 200 * 1024 * 1024, len(content)
