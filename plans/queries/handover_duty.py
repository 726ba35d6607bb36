"""引き継ぎの義務 of an office in a fiscal year, to the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q

from clients.models import ClientName, Enrolment
from plans.models import Handover, HandoverSystem
from plans.queries.handover import has_duty
from plans.rules.handover import SHARING_MONTHS, handover_days
from plans.rules.handover_duty import DutyAnswer, DutyFacts, DutyState, duty_answer
from teikyaku.accounts.models import Office
from teikyaku.periods import day_after, fiscal_year_period, in_force, months_later

LABELS = {
    DutyState.LATE: ("共有が間に合っていません", "danger"),
    DutyState.UNJUDGED: ("判断の記録がありません", "danger"),
    DutyState.ASK: ("市に確認", "warning"),
    DutyState.WAITING: ("これから", "info"),
    DutyState.MET: ("できています", "success"),
    DutyState.NOT_NEEDED: ("必要ないと判断", "neutral"),
    DutyState.SUDDEN: ("急な終わり", "neutral"),
}


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One ending person."""

    client_id: UUID
    enrolment_id: UUID
    name: str
    kana: str
    ends_on: date
    end_reason: str
    """In words; "" while the use runs."""
    is_needed: bool | None
    share_by: date | None
    """None of a sudden end: there was no day by which to share."""
    counted_from: date | None
    """The end from which it counts, where that is another day than `ends_on`."""
    shared_on: date | None
    centre: str
    answer: DutyAnswer
    is_judged: bool

    @property
    def label(self) -> str:
        """The state in words."""
        return LABELS[self.answer.state][0]

    @property
    def tone(self) -> str:
        """How the state is shown."""
        return LABELS[self.answer.state][1]


@dataclass(frozen=True, slots=True)
class OfficeDuty:
    """The duty of an office in a fiscal year, as of a day."""

    year: int
    on: date
    system: HandoverSystem | None
    rows: tuple[DutyRow, ...]
    later: tuple[DutyRow, ...] = ()
    """Of those who end in the next year, whose latest day for sharing lies in this one."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What the office itself has not put in place."""
        found = []
        if self.system is None or not self.system.guideline:
            found.append("指針")
        if self.system is None or self.system.appointed is None:
            found.append("引き継ぎの責任者")
        return tuple(found)

    @property
    def everybody(self) -> tuple[DutyRow, ...]:
        """Who ends in the year, and whose latest day lies in it."""
        return (*self.rows, *self.later)

    @property
    def threatening(self) -> tuple[DutyRow, ...]:
        """The people because of whom the reduction threatens."""
        return tuple(row for row in self.everybody if row.answer.state.threatens)

    @property
    def to_ask(self) -> tuple[DutyRow, ...]:
        """Of whom it is not settled."""
        return tuple(row for row in self.everybody if row.answer.state == DutyState.ASK)

    @property
    def threatens(self) -> bool:
        """Whether the reduction threatens at all."""
        return bool(self.threatening or self.missing)


def office_duty(office: Office, year: int, on: date) -> OfficeDuty:
    """Everybody whose use ends (or would end) in the fiscal year, the earliest end first.

    And who ends early in the next one, where the latest day for sharing lies in this. As of `on` or the year's last day, whichever comes first. Six queries, whatever the number.
    """
    period = fiscal_year_period(year)
    assert period.ends_on is not None  # noqa: S101  (a fiscal year ends)
    told_on = min(on, period.ends_on)
    ended = Q(ends_on__range=(period.starts_on, period.ends_on), ends_on__lte=told_on)
    reach = months_later(day_after(period.ends_on), SHARING_MONTHS)
    ahead = Q(window_ends_on__range=(period.starts_on, reach)) & (
        Q(ends_on__isnull=True) | Q(ends_on__gt=told_on)
    )
    people = (
        Enrolment.objects.filter(ended | ahead, office=office, use_starts_on__lte=told_on)
        .select_related("client", "handover__centre")
        .prefetch_related(
            "handover__refusals",
            Prefetch(
                "client__names", ClientName.objects.filter(in_force(told_on)), to_attr="names_then"
            ),
        )
    )
    systems = HandoverSystem.objects.filter(in_force(told_on), office=office)
    rows = sorted((_row(each, told_on) for each in people), key=lambda row: (row.ends_on, row.kana))
    return OfficeDuty(
        year=year,
        on=told_on,
        system=systems.select_related("appointed__user").first(),
        rows=tuple(row for row in rows if row.ends_on <= period.ends_on),
        later=tuple(
            row
            for row in rows
            if row.ends_on > period.ends_on and row.share_by and row.share_by <= period.ends_on
        ),
    )


def duty_for(enrolment: Enrolment, on: date) -> DutyAnswer | None:
    """How the duty stands for one person; None where no end is known (two queries)."""
    facts = _facts(enrolment, on)
    return duty_answer(facts, on) if facts else None


def _facts(enrolment: Enrolment, on: date) -> DutyFacts | None:
    # The latest day hangs on the end that could be foreseen, not on an earlier one that was not.
    end = enrolment.planned_end or enrolment.ends_on
    if end is None:
        return None
    handover: Handover | None = getattr(enrolment, "handover", None)
    shared = (
        [handover.shared_on, *(row.shared_on for row in handover.refusals.all())]
        if handover
        else []
    )
    return DutyFacts(
        share_by=handover_days(end).share_by,
        use_starts_on=enrolment.use_starts_on or end,
        has_duty=has_duty(enrolment, on),
        judged_on=handover.judged_on if handover else None,
        is_needed=handover.is_needed if handover else False,
        first_shared_on=min((day for day in shared if day is not None), default=None),
        not_consented_on=handover.not_consented_on if handover else None,
    )


def _row(enrolment: Enrolment, on: date) -> DutyRow:
    has_ended = enrolment.ends_on is not None and enrolment.ends_on <= on
    ends_on = enrolment.ends_on if has_ended else enrolment.window_ends_on
    facts, window = _facts(enrolment, on), enrolment.planned_end
    assert ends_on is not None  # noqa: S101  (asked by the query)
    assert facts is not None  # noqa: S101
    handover: Handover | None = getattr(enrolment, "handover", None)
    first = facts.first_shared_on
    names = enrolment.client.names_then  # type: ignore[attr-defined]
    answer = duty_answer(facts, on)
    is_sudden = answer.state == DutyState.SUDDEN
    judged = handover is not None and handover.judged_on <= on
    return DutyRow(
        client_id=enrolment.client.public_id,
        enrolment_id=enrolment.public_id,
        name=names[0].name if names else "",
        kana=names[0].kana if names else "",
        ends_on=ends_on,
        end_reason=enrolment.get_end_reason_display() if has_ended else "",
        is_needed=handover.is_needed if handover and judged else None,
        share_by=None if is_sudden else facts.share_by,
        counted_from=window if window != ends_on and not is_sudden else None,
        shared_on=first if first is not None and first <= on else None,
        centre=handover.centre.name if handover and handover.centre else "",
        answer=answer,
        is_judged=judged,
    )
