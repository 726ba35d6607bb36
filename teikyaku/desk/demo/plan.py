"""Who lives in the demo city: 160 people at every stage, as a plan before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clients.enums import Category


class Stage(StrEnum):
    """Where a person stands on the day of the demo."""

    WAITING = "waiting"
    APPLIED = "applied"
    SURVEYED = "surveyed"
    PROPOSED = "proposed"
    DECIDED = "decided"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    IN_USE = "in_use"
    SETTLED_2 = "settled_2"
    SETTLED_3 = "settled_3"
    PENDING_JOB = "pending_job"
    CHANGED_JOB = "changed_job"
    LEAVE = "leave"
    UNSTABLE = "unstable"
    OVERDUE = "overdue"
    EXPIRING = "expiring"
    HANDED_OVER = "handed_over"
    LEFT_JOB = "left_job"
    MOVED = "moved"
    OWN_WISH = "own_wish"
    DIED = "died"


USING = frozenset(Stage) - {
    Stage.WAITING, Stage.APPLIED, Stage.SURVEYED, Stage.PROPOSED, Stage.DECIDED, Stage.REFUSED,
    Stage.WITHDRAWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """One person: stage, office and ward (indexes), months since the job began, household."""

    index: int
    stage: Stage
    office: int
    ward: int
    months_employed: int
    category: Category
    by_ward: bool
    """Came through the ward's chain in the system; others hold a paper certificate."""
    is_closed_employment: bool = False
    lives_in_group_home: bool = False
    is_address_protected: bool = False
    changed_name: bool = False


# stage, how many, months since the job began (first, last)
COUNTS = (
    (Stage.WAITING, 18, (0, 5)),
    (Stage.APPLIED, 4, (5, 7)),
    (Stage.SURVEYED, 4, (6, 7)),
    (Stage.PROPOSED, 4, (6, 8)),
    (Stage.DECIDED, 4, (7, 8)),
    (Stage.REFUSED, 4, (3, 12)),
    (Stage.WITHDRAWN, 2, (7, 10)),
    (Stage.IN_USE, 42, (7, 18)),
    (Stage.IN_USE, 14, (19, 38)),
    (Stage.SETTLED_2, 12, (18, 34)),
    (Stage.SETTLED_3, 8, (24, 35)),
    (Stage.PENDING_JOB, 2, (14, 20)),
    (Stage.CHANGED_JOB, 5, (15, 34)),
    (Stage.LEAVE, 3, (13, 24)),
    (Stage.UNSTABLE, 5, (10, 26)),
    (Stage.OVERDUE, 6, (9, 26)),
    (Stage.EXPIRING, 5, (42, 42)),
    (Stage.HANDED_OVER, 4, (43, 47)),
    (Stage.LEFT_JOB, 4, (18, 30)),
    (Stage.MOVED, 4, (16, 30)),
    (Stage.OWN_WISH, 3, (18, 28)),
    (Stage.DIED, 3, (20, 28)),
)
CATEGORIES = (
    Category.LOW_INCOME, Category.GENERAL_1, Category.GENERAL_1, Category.LOW_INCOME,
    Category.GENERAL_2, Category.GENERAL_1, Category.PUBLIC_ASSISTANCE, Category.GENERAL_1,
)  # fmt: skip
# 中央区, whose officers sign in to the demo.
CENTRAL_WARD = 2
# Larger offices serve more people: indexes of the offices, in turn.
OFFICES = (0, 1, 0, 2, 0, 1, 3, 0, 1, 2)


def plan_people() -> list[PersonPlan]:
    """The 160 people; nothing here is random."""
    plans: list[PersonPlan] = []
    for stage, count, (first, last) in COUNTS:
        for turn in range(count):
            plans.append(_person(len(plans), stage, turn, first, last))
    return plans


def _ward(index: int, stage: Stage, turn: int) -> int:
    """The index of the ward; half of those whose application runs apply where a sign-in is."""
    runs = stage in {Stage.APPLIED, Stage.SURVEYED, Stage.PROPOSED, Stage.DECIDED}
    return CENTRAL_WARD if runs and turn % 2 == 0 else (index * 3) % 8


def _person(index: int, stage: Stage, turn: int, first: int, last: int) -> PersonPlan:
    category = CATEGORIES[index % len(CATEGORIES)]
    in_group_home = index % 37 == 4  # noqa: PLR2004
    return PersonPlan(
        index=index,
        stage=stage,
        office=OFFICES[index % len(OFFICES)],
        ward=_ward(index, stage, turn),
        months_employed=first + (turn * 5) % (last - first + 1),
        category=Category.GENERAL_2 if in_group_home else category,
        by_ward=index % 3 == 0 or stage in {Stage.APPLIED, Stage.SURVEYED, Stage.PROPOSED},
        is_closed_employment=index % 23 == 7,  # noqa: PLR2004
        lives_in_group_home=in_group_home,
        is_address_protected=index % 53 == 11,  # noqa: PLR2004
        changed_name=index % 41 == 13,  # noqa: PLR2004
    )
