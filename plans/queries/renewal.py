"""更新: decisions and caps of a ward that run out, and how far their renewal is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from clients.models import ClientName
from clients.queries.subject import names_of
from plans.models import Application, CapPeriod, Decision
from plans.queries.decision_change import changed_by
from plans.queries.grant_prefill import change_of
from plans.queries.path import path_facts_of, with_path
from plans.rules.decision_next import AHEAD_DAYS, UNSETTLED_DAYS
from plans.rules.path import PathStep, next_step
from teikyaku.era import both
from teikyaku.periods import Month
from teikyaku.prepared import prepared

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Renewal:
    """A decision that runs out: when, for whom, and the open application that would follow it."""

    decision_id: UUID
    client_id: UUID
    name: str
    kana: str
    ends_on: date
    days_left: int
    """Less than 0 where it has ended without another one."""
    application_id: UUID | None
    step: PathStep | None

    @property
    def tone(self) -> str:
        """Nothing handed in yet: from 30 days on it presses."""
        if self.application_id is not None:
            return "neutral"
        if self.days_left < 0:
            return "danger"
        return "warning" if self.days_left <= SOON_DAYS else "info"


class Due(StrEnum):
    """Which of the decisions that run out: those within 30 days, or those that have ended."""

    SOON = "soon"
    PAST = "past"


def ending_decisions(
    decisions: QuerySet[Decision], on: date, due: Due | None = None
) -> QuerySet[Decision]:
    """Decisions that end within 60 days, or ended in the last 30, with no later one; by their end."""
    return decisions.filter(unrenewed_q(*ending_days(on, due))).order_by("ends_on", "pk")


def ending_days(on: date, due: Due | None = None) -> tuple[date, date]:
    """The first and the last day of the ends that `ending_decisions` looks for."""
    first = on if due is Due.SOON else on - timedelta(days=UNSETTLED_DAYS)
    last = on + timedelta(days=SOON_DAYS if due is Due.SOON else AHEAD_DAYS)
    return first, on - timedelta(days=1) if due is Due.PAST else last


def unrenewed_q(first: date, last: date) -> Q:
    """Decisions that end, by themselves, from `first` to `last`, and are followed by no other one."""
    later = Decision.objects.standing().filter(
        client=OuterRef("client"), starts_on__gt=OuterRef("ends_on")
    )
    return Q(ends_on__range=(first, last), revoked_on__isnull=True) & ~Q(Exists(later))


def former_decision(application: Application) -> Decision | None:
    """The decision that a renewal or a change is about.

    Of a renewal the ward's last one when it came in; of a change the one that it has changed or
    would change, which need not be the last: a renewal may lie ahead.
    """
    if application.kind == Application.Kind.NEW:
        return None
    kept = Decision.objects.standing().kept_by(application.municipality_id)
    earlier = kept.filter(client=application.client_id, decided_on__lte=application.received_on)
    earlier = earlier.exclude(application=application.pk).order_by("starts_on")
    if application.kind == Application.Kind.CHANGE:
        return _changed_decision(application) or (
            earlier.filter(starts_on__lte=application.received_on).last() or earlier.last()
        )
    return earlier.last()


def decision_in_question(decision: Decision, kind: str, on: date) -> Decision:
    """Which of the person's decisions an application of `kind` asked from `decision`'s page is about.

    A renewal follows the ward's last one; a change goes on from the one of `on`, else from the last
    (one query). As `former_decision` would find it, had it come in on `on`.
    """
    kept = Decision.objects.standing().kept_by(decision.keeper.pk).filter(client=decision.client_id)
    rows = list(kept.order_by("starts_on"))
    if kind == Application.Kind.CHANGE:
        rows = [row for row in rows if not row.is_transcribed]
        found = next((row for row in rows if row.starts_on <= on <= row.ends_on), None)
        ahead = next((row for row in rows if row.starts_on > on), None)
        rows = [each] if (each := found or ahead) else rows
    return rows[-1] if rows else decision


def question_words(decision: Decision, kind: str, on: date) -> str:
    """Of which decision an application asked from `decision`'s page is, in words."""
    about = decision_in_question(decision, kind, on)
    days = {"starts": both(about.starts_on), "ends": both(about.ends_on)}
    if about.ends_on < on:
        text = _("支給決定は%(ends)sで終わっています。") % days
        if kind == Application.Kind.CHANGE:
            text += _copied_words(decision, on)
            text += _("期間のあとに続けるときは、更新の申請を受け付けます。")
    elif about.starts_on > on:
        text = _("次の支給決定は%(starts)s〜%(ends)sです。") % days
    else:
        text = _("いまの支給決定は%(ends)sまでです。") % days
    if about.pk != decision.pk and kind == Application.Kind.CHANGE:
        text += _("変更するのは、この支給決定（%(starts)s〜%(ends)s）です。") % days
    return text


def _copied_words(decision: Decision, on: date) -> str:
    """That what holds on `on` was copied from paper by an office, in words: no ward's to change."""
    kept = Decision.objects.in_force(on).kept_by(decision.keeper.pk)
    row = kept.filter(client=decision.client_id, is_transcribed=True).first()
    if row is None:
        return ""
    text = _(
        "いまの支給決定（%(starts)s〜%(ends)s）は事業所が受給者証から写した記録で、ここでは変更できません。"
    )
    return text % {"starts": both(row.starts_on), "ends": both(row.ends_on)}


def following_decision(decision: Decision) -> Decision | None:
    """The ward's next decision after this one ended, or ends, by itself; None where there is none."""
    kept = Decision.objects.standing().kept_by(decision.keeper.pk)
    later = kept.filter(client=decision.client_id, starts_on__gt=decision.ends_on)
    return later.order_by("starts_on").first()


def _changed_decision(application: Application) -> Decision | None:
    granted = Decision.objects.filter(application=application.pk).first()
    if granted is not None:
        return changed_by(granted)
    change = change_of(application, application.received_on)
    return change.decision if change else None


def early_renewal(application: Application, starts_on: date, on: date) -> list[str]:
    """That a renewal begins further ahead than one is looked at, in words; empty where it does not."""
    days = (starts_on - on).days
    if application.kind != Application.Kind.RENEWAL or days <= AHEAD_DAYS:
        return []
    text = _(
        "新しい期間が始まるのは%(days)s日先（%(on)s）です。それまでに変わることがあれば、"
        "あらためて変更の申請が要ります。"
    )
    return [text % {"days": days, "on": both(starts_on)}]


def due_q(due: Due, on: date) -> Q:
    """Which of `ending_decisions` are how soon."""
    if due is Due.SOON:
        return Q(ends_on__range=(on, on + timedelta(days=SOON_DAYS)))
    return Q(ends_on__lt=on)


def renewals(decisions: Iterable[Decision], on: date) -> list[Renewal]:
    """The rows of a page of `ending_decisions` (two queries)."""
    rows = list(decisions)
    clients = [row.client_id for row in rows]
    names = names_of(clients, on)
    applications = {row.client_id: row for row in _opened.rows(clients=clients)}
    return [_renewal(row, names, applications.get(row.client_id), on) for row in rows]


@prepared("clients")
def _opened(clients: list[int]) -> QuerySet[Application]:
    return with_path(Application.objects.filter(client__in=clients, outcome=""))


def _renewal(
    row: Decision, names: Mapping[int, ClientName], application: Application | None, on: date
) -> Renewal:
    name = names.get(row.client_id)
    return Renewal(
        decision_id=row.public_id,
        client_id=row.client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        ends_on=row.ends_on,
        days_left=(row.ends_on - on).days,
        application_id=application.public_id if application else None,
        step=next_step(path_facts_of(application)) if application else None,
    )


def ending_caps(decisions: QuerySet[Decision], on: date) -> QuerySet[CapPeriod]:
    """Caps of people with one of these decisions in force that end this month or the next."""
    month = Month.of(on)
    running = decisions.filter(starts_on__lte=on, ends_on__gte=on, is_cancelled=False)
    later = CapPeriod.objects.filter(
        client=OuterRef("client"), first_month__gt=OuterRef("last_month")
    )
    found = CapPeriod.objects.filter(
        client__in=running.values("client"),
        last_month__range=(month.first_day, (month + 1).first_day),
    )
    return found.exclude(Exists(later)).order_by("last_month", "pk")
