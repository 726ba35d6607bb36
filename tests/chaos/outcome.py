"""What came of one scenario, to be printed and to be judged."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from billing.queries.verify import broken_closings
from clients.models import Attachment
from clients.queries.attachment import stored_faults
from teikyaku.desk.management.commands.check_derived import differing, stale_referrals


@dataclass
class Outcome:
    """A scenario: how often it was killed, how far the work had come each time, and what was wrong."""

    scenario: str
    kills: int = 0
    # Of these, so many between the first and the last thing that the work writes.
    in_the_middle: int = 0
    # What stood after each kill, by its name ("nothing", "part", "whole" and the like).
    found: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    began: float = field(default_factory=time.perf_counter)
    # What differs in people of the tests that no action has made.
    known: set[int] = field(default_factory=set)

    def begin(self) -> None:
        """From here on a difference is a fault."""
        self.known = {row.pk for row, _names in differing()}

    def killed(self, hit: bool, done: int, steps: int) -> None:
        """Count a kill that came after so many of the steps; none where the work was over before it."""
        self.kills += hit
        self.in_the_middle += hit and 0 < done < steps

    def expect(self, holds: bool, words: str) -> None:
        """A fault where it does not hold."""
        if not holds:
            self.faults.append(words)

    def expect_sound(self, when: str) -> None:
        """The product's own checks: derived columns, frozen months, papers beside their rows."""
        wrong = sorted(
            {name for row, names in differing() if row.pk not in self.known for name in names}
        )
        self.expect(not wrong, f"{when}: derived columns differ ({', '.join(wrong)})")
        self.expect(not list(stale_referrals()), f"{when}: days of referrals differ")
        self.expect(not list(broken_closings()), f"{when}: a frozen month differs")
        lost = [fault.what for fault in stored_faults(Attachment.objects.all())]
        self.expect(not lost, f"{when}: papers {lost}")

    def told(self) -> dict[str, Any]:
        """For the report."""
        seconds = round(time.perf_counter() - self.began, 1)
        return {"scenario": self.scenario, "kills": self.kills,
                "in_the_middle": self.in_the_middle, "found": dict(self.found),
                **self.figures, "seconds": seconds, "faults": self.faults}  # fmt: skip

    def __str__(self) -> str:
        return json.dumps(self.told(), ensure_ascii=False)
