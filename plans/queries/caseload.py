"""担当の人たち as questions: who is overdue, whom to meet, which reports wait, who worries.

Each question is one condition on enrolments, so that counts, lists and filters agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, cast
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clients.models import Enrolment, StaffAssignment
from clients.models.enrolment import EnrolmentQuerySet
from clients.queries.client_list import Show, among_in_use_q
from clients.queries.no_contact import no_contact_q
from clients.queries.subject import names_of
from plans.models import Interview
from plans.queries.appointment import appointment_q
from plans.queries.refusal import Refusal, offered_words, refusal_of
from plans.queries.report_handed import counted_in, handed
from plans.rules.kinds import ContactOutcome
from plans.rules.refusal import standing_refusal
from plans.rules.worry import FLAGS, WORRYING_RATINGS
from teikyaku.periods import Month
from teikyaku.prepared import in_one_row, prepared

APPOINTMENT_DAYS = 7
NOTE_SHOWN = 60


class Ask(TextChoices):
    """問い that a list of people answers."""

    OVERDUE = "overdue", _("面談の期限が過ぎた")
    DUE_WEEK = "due_week", _("7日以内が期限")
    APPOINTMENT = "appointment", _("7日以内に会う約束")
    TO_MEET = "to_meet", _("期限か約束が近い")
    NOT_MET = "not_met", _("今月会う予定で、まだ会えていない")
    MET = "met", _("今月会えた")
    ATTEMPTS = "attempts", _("今月は会えなかった連絡だけ")
    REFUSED = "refused", _("今月は本人が希望しなかった")
    REPORT = "report", _("先月のレポートを渡していない")
    REPORT_NOW = "report_now", _("今月会って、レポートはこれから")
    WORRYING = "worrying", _("気がかりがある")
    SUGGESTION = "suggestion", _("間隔をゆるめる提案がある")
    NEW = "new", _("利用開始から6か月以内")
    ENDING = "ending", _("6か月以内に期間が終わる")
    NO_STAFF = "no_staff", _("担当がいない")
    IN_USE = "in_use", _("利用中の全員")


# Of these the people's own list (clients.queries.client_list) knows the condition.
_SHOWN = {
    Ask.OVERDUE: Show.OVERDUE,
    Ask.DUE_WEEK: Show.DUE_THIS_WEEK,
    Ask.NEW: Show.NEW,
    Ask.ENDING: Show.ENDING,
    Ask.NO_STAFF: Show.NO_STAFF,
    Ask.IN_USE: Show.IN_USE,
}


# What a list holds, where its name alone leaves that open.
ASK_NOTES = {
    Ask.WORRYING: _(
        "最後の面談で、仕事か生活が「不安定」、気がかり、もっと会いたい、職場の心配のどれかがあった人です。"
        "「気になる」だけの人は入りません。"
    ),
    Ask.REFUSED: _("本人の希望です。面談がなければ今月は請求できませんが、期限は変わりません。"),
}


def ask_q(ask: Ask, on: date) -> Q:
    """The enrolments that answer a question on `on`: every question is about people in use."""
    return EnrolmentQuerySet.in_use_q(on) & alive_q(on) & _among_in_use(ask, on)


def alive_q(on: date) -> Q:
    """Nothing is asked of whoever has died, from that day on (docs/rules.md §9)."""
    return Q(client__died_on=None) | Q(client__died_on__gt=on)


def in_charge_q(on: date, **staff: Any) -> Q:
    """The enrolments in charge of a member of staff: `user=…`, or `user__in=…`.

    By the person: after a change of roles the caseload hangs on the former membership.
    """
    held = StaffAssignment.objects.in_charge(on).filter(
        **{f"staff__{name}": value for name, value in staff.items()}
    )
    return Q(Exists(held.filter(enrolment=OuterRef("pk"))))


def _of_contacts(ask: Ask, on: date) -> Q:
    """What the contacts of somebody in use say."""
    month = Month.of(on)
    contacts = Interview.objects.standing().filter(enrolment=OuterRef("pk"))
    # Made only when asked: building a sub-query costs more than running it.
    answers: dict[Ask, Callable[[], Q]] = {
        Ask.APPOINTMENT: lambda: appointment_q(on, _soon(on)),
        Ask.TO_MEET: lambda: Q(interview_due_on__lte=_soon(on)) | appointment_q(on, _soon(on)),
        Ask.MET: lambda: met_this_month_q(on),
        Ask.NOT_MET: lambda: (
            Q(interview_due_on__lte=month.last_day)
            & ~met_this_month_q(on)
            & EnrolmentQuerySet.unrefused_q(on)
        ),
        Ask.ATTEMPTS: lambda: (
            Q(Exists(_attempts(contacts, month, on)))
            & ~met_this_month_q(on)
            & EnrolmentQuerySet.unrefused_q(on)
        ),
        Ask.REFUSED: lambda: EnrolmentQuerySet.refused_q(on),
        Ask.REPORT: lambda: met_in_q(month - 1) & ~_shared_q(month - 1, on),
        Ask.REPORT_NOW: lambda: met_this_month_q(on) & ~_shared_q(month, on),
        Ask.WORRYING: _worrying_q,
        # Past its date an interval goes back to monthly: there is nothing to decide then.
        Ask.SUGGESTION: lambda: Q(suggested_months__isnull=False, interview_due_on__gte=on),
    }
    return answers[ask]()


def _soon(on: date) -> date:
    return on + timedelta(days=APPOINTMENT_DAYS)


def met_this_month_q(on: date) -> Q:
    """Met this month by a 就労定着支援員, face to face or by video: the stored last meeting tells."""
    return Q(last_met_on__gte=Month.of(on).first_day)


def met_in_q(month: Month) -> Q:
    """Met by a 就労定着支援員 in a past month. Under which papers is asked by the month itself (queries.month)."""
    return Q(Exists(_meetings_in(month)))


def last_meeting_in(month: Month) -> Subquery:
    """The day of the last meeting of that month, as `met_in_q` asks for one; None without any."""
    newest = _meetings_in(month).order_by("-held_on").values("held_on")
    return Subquery(newest[:1], output_field=DateField())


def _meetings_in(month: Month) -> QuerySet[Interview]:
    return counted_in(month).filter(enrolment=OuterRef("pk"))


def _attempts(contacts: QuerySet[Interview], month: Month, on: date) -> QuerySet[Interview]:
    return contacts.filter(outcome=ContactOutcome.ATTEMPT, held_on__range=(month.first_day, on))


def _shared_q(month: Month, on: date) -> Q:
    # With the person, as the month itself asks: a copy for the family alone earns nothing, nor does a
    # report from before the meeting.
    return Q(Exists(handed(month, report__enrolment=OuterRef("pk"), shared_on__lte=on)))


def _worrying_q() -> Q:
    """気がかり in the last meeting, as plans.rules.worry says it."""
    last = Interview.objects.standing().filter(
        enrolment=OuterRef("pk"), held_on=OuterRef("last_met_on")
    )
    marked = reduce(or_, (Q(**{flag: True}) for flag in FLAGS))
    rated = Q(work_rating__in=WORRYING_RATINGS) | Q(life_rating__in=WORRYING_RATINGS)
    return Q(Exists(last.filter(marked | rated)))


def ask_counts(people: QuerySet[Enrolment], asks: Iterable[Ask], on: date) -> dict[Ask, int]:
    """How many of `people` answer each question (one query)."""
    wanted = list(asks)
    return dict(zip(wanted, asks_counted(people, wanted, on)[0], strict=True)) if wanted else {}


def asks_counted(people: QuerySet[Enrolment], asks: Iterable[Ask], on: date) -> QuerySet[Any, Any]:
    """One row: how many of `people` answer each question, in their order."""
    return in_one_row(
        people.filter(EnrolmentQuerySet.in_use_q(on), alive_q(on)),
        **{f"ask_{ask.value}": Count("pk", filter=_among_in_use(ask, on)) for ask in asks},
    )


def _among_in_use(ask: Ask, on: date) -> Q:
    """The same as `ask_q` in a query that holds people in use alone."""
    return among_in_use_q(_SHOWN[ask], on) if ask in _SHOWN else _of_contacts(ask, on)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One person with what staff need at hand: whom to call, what was said last, what is next."""

    enrolment_key: int
    client_id: UUID
    enrolment_id: UUID
    name: str
    kana: str
    phone: str
    must_not_contact: bool
    staff_name: str
    due_on: date | None
    is_late: bool
    last_on: date | None
    last_words: str
    last_note: str
    refusal: Refusal | None
    """The person did not want a meeting this month, and that is their last word."""
    tried_on: date | None
    """Somebody tried since then and reached nobody."""
    next_on: date | None
    """The next day agreed with the person."""
    pace_months: int | None
    suggested_months: int | None
    """The longer interval that waits for a サービス管理責任者's decision."""
    report_met_on: date | None = None
    """The last meeting of the month whose report waits (plans.queries.report_asked)."""
    is_report_again: bool = False
    """That report went out once, before the meeting: it is handed over anew."""


def by_urgency(people: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those due first; page this, then ask `case_rows` for the page."""
    return people.order_by("interview_due_on", "pk")


def todays_first(people: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment]:
    """Those with an appointment on `on`, then those due first; who did not want to meet comes last."""
    return people.annotate(
        is_today=Coalesce(ExpressionWrapper(appointment_q(on), BooleanField()), False),
        is_last=Coalesce(ExpressionWrapper(EnrolmentQuerySet.refused_q(on), BooleanField()), False),
    ).order_by("-is_today", "is_last", "interview_due_on", "pk")


def case_rows(page: QuerySet[Enrolment], on: date) -> list[CaseRow]:
    """The rows of one page (four queries)."""
    return _told(list(_flagged(page, on)), on)


def case_rows_of(office_id: int, keys: Iterable[int], on: date) -> list[CaseRow]:
    """The rows of these enrolments of an office, in no order (four queries)."""
    return _told(_of_keys.rows(office=office_id, keys=set(keys), on=on), on)


@prepared("office", "keys")
def _of_keys(office: int, keys: list[int], on: date) -> QuerySet[Enrolment]:
    return _flagged(Enrolment.objects.filter(office=office, pk__in=keys).order_by(), on)


def _flagged(page: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment]:
    flagged = no_contact_q(on, OuterRef("client"))
    return page.select_related("client").annotate(must_not_contact=flagged)


def _told(rows: Sequence[Enrolment], on: date) -> list[CaseRow]:
    keys = [row.pk for row in rows]
    names = names_of([row.client_id for row in rows], on)
    newest, staff = _newest(rows, on), staff_names(keys, on)
    return [_row(row, names.get(row.client_id), newest[row.pk], staff, on) for row in rows]


def _newest(rows: Sequence[Enrolment], on: date) -> Mapping[int, list[Interview]]:
    """The contacts of each since the last meeting, oldest first: the last talk is among them."""
    # Looked back from a day before the last meeting, it is none yet.
    ahead = [row.pk for row in rows if row.last_met_on is not None and row.last_met_on > on]
    found: dict[int, list[Interview]] = {row.pk: [] for row in rows}
    for contact in _since_last.rows(keys=list(found), ahead=ahead, on=on):
        found[contact.enrolment_id].append(contact)
    return found


@prepared("keys", "ahead")
def _since_last(keys: list[int], ahead: list[int], on: date) -> QuerySet[Interview]:
    since = Q(enrolment__last_met_on=None) | Q(held_on__gte=F("enrolment__last_met_on"))
    contacts = Interview.objects.standing().filter(
        since | Q(enrolment__in=ahead), enrolment__in=keys, held_on__lte=on
    )
    return contacts.order_by("held_on", "pk")


def staff_names(enrolments: list[int], on: date) -> dict[int, str]:
    """Who is in charge of each, by enrolment (one query)."""
    return dict(_staff_names.rows(enrolments=enrolments, on=on))


@prepared("enrolments")
def _staff_names(enrolments: list[int], on: date) -> QuerySet[Any, Any]:
    held = StaffAssignment.objects.in_charge(on).filter(enrolment__in=enrolments)
    return held.values_list("enrolment", "staff__user__name")


def _row(
    row: Enrolment, name: Any, contacts: Sequence[Interview], staff: Mapping[int, str], on: date
) -> CaseRow:
    due_on = row.interview_due_on
    # The last talk is what one needs at hand; that nobody was reached since is told beside it.
    talks = [each for each in contacts if each.outcome != ContactOutcome.ATTEMPT]
    last, newest = talks[-1] if talks else None, contacts[-1] if contacts else None
    # Whoever moved in was met before anything was written here.
    is_before = last is None and row.last_met_on is not None and row.last_met_on <= on
    before = row.last_met_on if is_before else None
    return CaseRow(
        enrolment_key=row.pk,
        client_id=row.client.public_id,
        enrolment_id=row.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        phone=row.client.phone,
        must_not_contact=cast(Any, row).must_not_contact,
        staff_name=staff.get(row.pk, ""),
        due_on=due_on,
        is_late=row.is_late(on),
        last_on=last.held_on if last else before,
        last_words=_talk_words(last) if last else str(_("移行の前")) if before else "",
        last_note=_short(last.agreed or last.notes) if last else "",
        refusal=refusal_of(standing_refusal(contacts, on, row.last_met_on), on),
        tried_on=newest.held_on if newest and newest != last else None,
        next_on=row.next_appointment(on),
        pace_months=row.pace_on(on),
        suggested_months=row.suggested_months,
    )


def _talk_words(talk: Interview) -> str:
    words = f"{talk.get_way_display()}・{talk.get_outcome_display()}"
    return words + offered_words(talk.offered_instead)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= NOTE_SHOWN else f"{line[:NOTE_SHOWN]}…"
