"""市町村に確かめる理由: which reasons of a held month an answer of the municipality settles. Pure.

The rules leave these open ([?]), or say that the municipality is to be asked (docs/rules.md §2, §6, §7).
Everything else that holds a month is a fact that is missing: it is recorded, not answered.
"""

from __future__ import annotations

from collections.abc import Iterable

from teikyaku.reasons import Reason

# With a yes the month is billed as it stands.
SETTLED_BY_YES = frozenset(
    {
        "employment_pending", "report_died", "report_late", "report_early", "served_elsewhere",
        "split_month",
    }
)  # fmt: skip
# A yes is not enough: the decision, or the other claim, must be put right too. A no ends the waiting.
ENDED_BY_NO = frozenset({"renewal_late", "claimed_elsewhere"})


def asked_about(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons of a month about which the municipality is asked, in their order."""
    return tuple(each for each in reasons if each.code in SETTLED_BY_YES | ENDED_BY_NO)
