"""Timeline entries: what each app hands out about a person's history, in one shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Tone(StrEnum):
    """How an entry is drawn; never the only carrier of meaning."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One dated thing: when, what kind, in words, and where to read more."""

    on: date
    kind: str
    title: str
    detail: str = ""
    url: str = ""
    tone: Tone = Tone.NEUTRAL


def newest_first(*sources: list[TimelineEntry]) -> list[TimelineEntry]:
    """All entries of the sources, newest first; within a day in the order given."""
    entries = [entry for source in sources for entry in source]
    return sorted(entries, key=lambda entry: entry.on, reverse=True)
