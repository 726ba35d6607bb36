"""A form that is tried, one request of it, and what came of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.reading import PageForm
from tests.fuzz.values import Data, Files


@dataclass
class Target:
    """A form of a page, as one of the cast sees it."""

    page: str
    role: str
    url: str
    form: PageForm
    fields: dict[str, Any]
    good: Data = field(default_factory=dict)
    good_files: dict[str, Files] = field(default_factory=dict)
    is_accepted: bool = False
    posts: int = 0


@dataclass
class Sent:
    """One request."""

    data: Data
    files: dict[str, Files]
    twice: bool = False
    kind: str = ""


@dataclass
class Report:
    """What came of it."""

    say: Callable[[str], None]
    posts: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    stored: int = 0
    faults: dict[str, dict[str, Any]] = field(default_factory=dict)

    def fault(self, what: str, target: Target, sent: Sent, more: str = "") -> None:
        """Count it under its first line, with the first example, which is told at once."""
        key = f"{what} | {target.page}"
        known = self.faults.setdefault(key, {"times": 0})
        known["times"] += 1
        if known["times"] == 1:
            short = {k: [v[:120] for v in values] for k, values in sent.data.items()}
            known |= {"role": target.role, "url": target.url, "data": repr(short),
                      "files": [name for name, _c in sent.files.values()], "kind": sent.kind, "more": more}  # fmt: skip
            self.say(f"{key}: {known}")
