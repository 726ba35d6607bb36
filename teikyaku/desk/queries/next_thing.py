"""One line of 次にすること: what, by when, why, and the page on which it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from teikyaku.reasons import Reason, Step


@dataclass(frozen=True, slots=True)
class NextThing:
    """One thing to do: `url` is empty for a reader who may not do it."""

    text: str
    tone: str
    by: date | None = None
    counts_days: bool = True
    """Whether the days up to `by`, or past it, are told beside it."""
    note: str = ""
    url: str = ""
    url_label: str = ""
    steps: tuple[Step, ...] = ()
    reasons: tuple[Reason, ...] = ()
    anchor: str = ""
    """The fragment of its reasons, for lists that show its date and lead to why."""
    more_url: str = ""
    """The page of what the reasons rest on; empty for a reader who may not open it."""
    more_label: str = ""
