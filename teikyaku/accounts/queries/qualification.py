"""職員の資格・研修 of an office: by person, and those that run out and were not renewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from teikyaku.accounts.models import Membership, Office, StaffQualification
from teikyaku.accounts.queries.membership import staff_of

# What people are offered while they type; any other name is taken as well.
USUAL_KINDS = (
    "サービス管理責任者 基礎研修", "サービス管理責任者 実践研修", "サービス管理責任者 更新研修",
    "就労定着支援員の研修", "訪問型職場適応援助者（ジョブコーチ）養成研修", "相談支援従事者 初任者研修",
    "精神保健福祉士", "社会福祉士",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One member of staff with what is on file, the newest first; `renewed` are those that a later one replaced."""

    member: Membership
    rows: tuple[StaffQualification, ...]
    renewed: frozenset[int]


def at_work(office: Office | int, on: date) -> QuerySet[Membership]:
    """The memberships in which somebody works at the office on `on`."""
    return Membership.objects.filter(office=office, ended_at=None).in_force(on)


def office_qualifications(office: Office | int) -> QuerySet[StaffQualification]:
    """Everything that the office wrote down of its staff, former ones too."""
    return StaffQualification.objects.filter(membership__office=office)


def renewable_qualifications(office: Office | int, on: date) -> QuerySet[StaffQualification]:
    """Those with an end that no later row of the same kind follows, of who works here on `on`.

    By the person: changed roles are another membership of the same one.
    """
    mine = office_qualifications(office)
    works = at_work(office, on).filter(user=OuterRef("membership__user"))
    later = mine.filter(
        Q(valid_until__gt=OuterRef("valid_until")) | Q(valid_until=None, pk__gt=OuterRef("pk")),
        membership__user=OuterRef("membership__user"),
        kind=OuterRef("kind"),
    )
    return mine.filter(Exists(works), valid_until__isnull=False).exclude(Exists(later))


def staff_rows(office: Office, on: date) -> list[StaffRow]:
    """Everybody who works here on `on`, by name, with their qualifications (three queries)."""
    found = list(
        office_qualifications(office)
        .select_related("membership", "recorded_by__user")
        .order_by("kind", "-valid_until", "-pk")
    )
    open_ones = set(renewable_qualifications(office, on).values_list("pk", flat=True))
    team: dict[int, Membership] = {}
    for member in staff_of(office, on):
        team.setdefault(member.user_id, member)
    return [
        StaffRow(
            member=member,
            rows=tuple(row for row in found if row.membership.user_id == user),
            renewed=frozenset(
                row.pk for row in found if row.valid_until is not None and row.pk not in open_ones
            ),
        )
        for user, member in team.items()
    ]


def known_kinds(office: Office) -> list[str]:
    """The names that the office has used, then the usual ones (one query)."""
    used = office_qualifications(office).order_by("kind").values_list("kind", flat=True)
    return list(dict.fromkeys([*used.distinct(), *USUAL_KINDS]))
