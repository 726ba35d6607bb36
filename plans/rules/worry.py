"""気がかり: what one contact tells that worries, in one place (docs/rules.md §6).

Two questions are asked of a contact. Does it worry (気がかり): then staff look at the person anew,
and the list of whom to look after holds them. And is it settled: only such meetings make the row
that suggests a longer pace. Between them lies a single 気になる: it is no reason to be on the list,
which would hold nearly everybody, and none for a longer pace either.
"""

from __future__ import annotations

from plans.rules.kinds import Rating

# The marks that worry, as the columns of a contact are called.
FLAGS = ("has_worries", "wants_more", "has_employer_concern")
# The ratings of work or life that worry by themselves.
WORRYING_RATINGS = (Rating.UNSTABLE,)


def is_worrying(work: Rating | None, life: Rating | None, *flags: bool) -> bool:
    """気がかり: one of the marks, or an unstable work or life."""
    return any(flags) or work in WORRYING_RATINGS or life in WORRYING_RATINGS


def is_unsettled(work: Rating | None, life: Rating | None, *flags: bool) -> bool:
    """Whether the row of settled meetings ends: it worries, or a rating is not 安定."""
    rated = {work, life} - {None, Rating.SETTLED}
    return bool(rated) or is_worrying(work, life, *flags)
