"""One answer of a question: what does not fit, whose it is, and where it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Something that does not fit. It is kept, mailed as a count and printed: no person's data."""

    subject: str
    """A random id, the name of a file or of a job: the same each night while it lasts."""
    office_id: int | None = None
    detail: str = ""
    page: str = ""
    """The name of the address where an office looks at it or mends it."""
    arguments: tuple[str, ...] = ()


Question = Callable[[datetime], Iterable[Found]]
