"""A claim file is written line by line: its length asks for no memory."""

from __future__ import annotations

import tracemalloc

from benchmarks.claim_file import People
from billing.kokuhoren.writer import claim_lines
from teikyaku.periods import Month

# What the writer may hold more for ten times the people, in bytes: less than one for each more.
SLACK = 800


def peak(count: int) -> int:
    """The most memory that writing a file of `count` people holds beside what was there, in bytes."""
    tracemalloc.start()
    try:
        for _line in claim_lines("1510000001", Month(2026, 5), People(count)):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_times_the_people_need_no_more_memory():
    peak(10)  # what is made once, as patterns
    few, many = peak(100), peak(1_000)
    assert many - few < SLACK, (few, many)
