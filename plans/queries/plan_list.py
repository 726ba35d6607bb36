"""個別支援計画 of an office as questions: who has no valid one, who waits for a consent, what is due.

Each question is one condition on enrolments, so that counts and lists agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from clients.models import Enrolment
from clients.models.enrolment import EnrolmentQuerySet
from clients.queries.subject import names_of
from plans.models import SupportPlan
from plans.queries.caseload import staff_names
from teikyaku.accounts.queries.office_start import is_billed_here, is_of_before
from teikyaku.periods import Month, months_later
from teikyaku.prepared import in_one_row


class PlanAsk(TextChoices):
    """問い about the plans of people in use."""

    NONE = "none", _("今月、有効な計画がない")
    NONE_NEXT = "none_next", _("来月、有効な計画がなくなる")
    OVERDUE = "overdue", _("見直しの期限が過ぎた")
    MONTH = "month", _("1か月以内に見直し")
    TWO_MONTHS = "two_months", _("2か月以内に見直し")
    MAKING = "making", _("作成中")
    CONSENT = "consent", _("同意を待っている")
    HANDOVER = "handover", _("交付を待っている")
    CONSULTATION = "consultation", _("相談支援への交付がまだ")
    ALL = "all", _("利用中の全員")


def plan_ask_q(ask: PlanAsk, on: date) -> Q:
    """The enrolments that answer a question on `on`; among people in use."""
    month = Month.of(on)
    plans = SupportPlan.objects.filter(enrolment=OuterRef("pk"))
    complete, making = plans.complete(), plans.being_made()
    due = _last_review_q(complete)
    found = {
        PlanAsk.NONE: lambda: ~Q(Exists(_valid(complete, month))),
        PlanAsk.NONE_NEXT: lambda: (
            Q(Exists(_valid(complete, month))) & ~Q(Exists(_valid(complete, month + 1)))
        ),
        PlanAsk.OVERDUE: lambda: due(None, on),
        PlanAsk.MONTH: lambda: due(on, months_later(on, 1)),
        PlanAsk.TWO_MONTHS: lambda: due(on, months_later(on, 2)),
        PlanAsk.MAKING: lambda: Q(Exists(making)),
        PlanAsk.CONSENT: lambda: Q(
            Exists(making.filter(meeting_on__isnull=False, consented_on__isnull=True))
        ),
        PlanAsk.HANDOVER: lambda: Q(Exists(making.filter(consented_on__isnull=False))),
        # Plans from before the step was asked for are nobody's to mend.
        PlanAsk.CONSULTATION: lambda: Q(
            Exists(complete.filter(consultation="", manager__isnull=False, review_by__gte=on))
        ),
        PlanAsk.ALL: Q,
    }
    condition: Q = found[ask]()
    return condition


def _valid(complete: Any, month: Month) -> Any:
    return complete.filter(starts_on__lte=month.last_day, review_by__gte=month.first_day)


def _last_review_q(complete: Any) -> Any:
    """The review day of the last complete plan lies in a span; open at the start for None."""

    def due(first: date | None, last: date) -> Q:
        later = SupportPlan.objects.complete().filter(
            enrolment=OuterRef("enrolment"), starts_on__gt=OuterRef("starts_on")
        )
        rows = complete.exclude(Exists(later))
        if first is None:
            rows = rows.filter(is_billed_here("review_by", "enrolment__office"))
            return Q(Exists(rows.filter(review_by__lt=last)))
        return Q(Exists(rows.filter(review_by__range=(first, last))))

    return due


def plan_counts(
    people: QuerySet[Enrolment], asks: Iterable[PlanAsk], on: date
) -> dict[PlanAsk, int]:
    """How many of `people` in use answer each question (one query)."""
    wanted = list(asks)
    return dict(zip(wanted, plans_counted(people, wanted, on)[0], strict=True))


def plans_counted(
    people: QuerySet[Enrolment], asks: Iterable[PlanAsk], on: date
) -> QuerySet[Any, Any]:
    """One row: how many of `people` in use answer each question, in their order."""
    return in_one_row(
        people.filter(EnrolmentQuerySet.in_use_q(on)),
        **{f"plan_{ask.value}": Count("pk", filter=plan_ask_q(ask, on)) for ask in asks},
    )


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One person: the plan in force and the one on the way."""

    client_id: UUID
    enrolment_id: UUID
    name: str
    kana: str
    staff_name: str
    review_by: date | None
    is_late: bool
    step: str
    """What the plan being made lacks, in words; "" where none is."""
    since: date | None
    """Since when that plan has been in the making."""


def by_review(people: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those whose review comes first; without a plan before all others. Page this."""
    last = SupportPlan.objects.complete().filter(enrolment=OuterRef("pk")).order_by("-starts_on")
    return people.annotate(review_by=Subquery(last.values("review_by")[:1])).order_by(
        F("review_by").asc(nulls_first=True), "pk"
    )


def plan_rows(page: QuerySet[Enrolment], on: date) -> list[PlanRow]:
    """The rows of one page of `by_review` (four queries)."""
    firsts = F("office__start__first_month")
    rows = list(page.select_related("client").annotate(first_here=firsts))
    ids = [row.pk for row in rows]
    names = names_of([row.client_id for row in rows], on)
    making = {
        plan.enrolment_id: plan
        for plan in SupportPlan.objects.being_made().filter(enrolment__in=ids)
    }
    staff = staff_names(ids, on)
    return [
        _row(row, names.get(row.client_id), making.get(row.pk), staff.get(row.pk, ""), on)
        for row in rows
    ]


def _row(row: Any, name: Any, making: SupportPlan | None, staff: str, on: date) -> PlanRow:
    step = making.next_step if making else None
    return PlanRow(
        client_id=row.client.public_id,
        enrolment_id=row.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        staff_name=staff,
        review_by=row.review_by,
        is_late=row.review_by is not None
        and row.review_by < on
        and not is_of_before(row.review_by, row.first_here),
        step=step.label if step else "",
        since=making.assessed_on if making else None,
    )
