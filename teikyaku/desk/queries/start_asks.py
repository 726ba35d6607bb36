"""始め方: what bills or counts wrongly where a move leaves it out, asked of somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.plan_cost import factor_without_plan
from clients.enums import EndReason
from clients.models import Employment, Enrolment
from plans.models import Decision, SupportPlan
from plans.queries.plan_list import PlanAsk, plan_ask_q
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.periods import Month

PLANS, ENDS = "plans", "ends"
# From the third month in a row on the loss grows (docs/rules.md, 個別支援計画未作成減算).
LONG = 3


@dataclass(frozen=True, slots=True)
class StartStep:
    """One thing to do: what, how it stands, whether it is done, and where."""

    label: str
    state: str
    is_done: bool
    url: str = ""
    url_label: str = ""
    by: str = ""
    """Who does it, where it is not the reader."""
    key: str = ""
    """Of a step that can be answered, its name; "" for any other."""
    ask: str = ""
    """What somebody says by answering; "" where nothing is asked."""
    is_answered: bool = False
    """Somebody has: it can be asked again."""
    seen: str = ""
    """A mark of whom it names, sent with the answer; "" where it names nobody."""


def mark_of(keys: Iterable[UUID | str]) -> str:
    """Of whom or what a step names: another one as soon as it is about others."""
    return sha256(" ".join(sorted(map(str, keys))).encode()).hexdigest()[:16]


def _is_answered(answered: Mapping[str, Any], step: str, keys: Iterable[UUID]) -> bool:
    """Whether somebody has looked at each of them; a bare count of an earlier release names nobody."""
    known = answered.get(step)
    return isinstance(known, list) and set(map(str, keys)) <= set(known)


def plans_step(
    office: Office, on: date, answered: Mapping[str, Any], *, has_people: bool
) -> StartStep:
    """Whether people have a 個別支援計画 that holds: without one every month bills less."""
    label = _("個別支援計画")
    if not has_people:
        return StartStep(label, _("利用者が入ると、計画の記録がない人の数がここに出ます。"), False)
    found = dict(_with_run_out(without_plan(office, on), on))
    if not found:
        return StartStep(label, _("全員にあります。"), True)
    is_answered = _is_answered(answered, PLANS, found)
    text = _("今月、有効な計画がない人が%(n)d人います。") % {"n": len(found)}
    text += _run_out(sum(found.values())) + _cost(on)
    text += (
        _("ないことを確かめています。")
        if is_answered
        else _(
            "いまの計画がある方は、「個別支援計画の作成日」と「計画の見直し期限」を表に足して入れ直すか、その人のページで入れてください。"
        )
    )
    return StartStep(
        label, text, is_answered, f"{reverse('plan_list')}?ask={PlanAsk.NONE.value}", _("見る"),
        key=PLANS, ask=_("ほかの人に有効な計画がないことを確かめた"), is_answered=is_answered,
        seen=mark_of(found),
    )  # fmt: skip


def _with_run_out(people: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment, tuple[UUID, bool]]:
    """Each of them, and whether they have a plan on record that is over: it counts until its review."""
    over = SupportPlan.objects.complete().filter(
        enrolment=OuterRef("pk"), review_by__lt=Month.of(on).first_day
    )
    return people.annotate(has_run_out=Exists(over)).values_list("public_id", "has_run_out")


def _run_out(count: int) -> str:
    if not count:
        return ""
    text = _("うち%(n)d人は計画の記録がありますが、見直しの期限が過ぎています。")
    return text % {"n": count}


def _cost(on: date) -> str:
    """What a month without one costs, where the fee table of the month tells."""
    month = Month.of(on)
    first, later = factor_without_plan(month, 1), factor_without_plan(month, LONG)
    if not first:
        return ""
    text = _("このままでは、基本報酬が%(first)s（続けて3か月目から%(later)s）で請求されます。")
    return text % {"first": first, "later": later}


def without_plan(office: Office, on: date) -> QuerySet[Enrolment]:
    """Who uses the service without a plan that holds in the month, and of whom nobody said since when there is none."""
    people = Enrolment.objects.filter(office=office).in_use(on).filter(use_starts_on__lte=on)
    return people.filter(plan_ask_q(PlanAsk.NONE, on)).exclude(
        opening__without_plan_since__isnull=False
    )


def ends_step(
    office: Office, on: date, answered: Mapping[str, Any], *, has_people: bool
) -> StartStep:
    """Ends that the move left out: who left still counts as working, who was over as in use."""
    label = _("終わりの日")
    if not has_people:
        return StartStep(
            label, _("利用者が入ると、離職日や終わりの日が足りない人がここに出ます。"), False
        )
    found = list(ends_left_out(office, on).values_list("public_id", flat=True))
    if not found:
        return StartStep(label, _("足りない人はいません。"), True)
    is_answered = _is_answered(answered, ENDS, found)
    text = _(
        "確かめる人が%(n)d人います（離職日のない離職、移行の前に終わった期間や支給決定）。"
    ) % {"n": len(found)}
    text += (
        _("確かめています。")
        if is_answered
        else _("このままでは、就労定着率や請求の人数がちがってきます。")
    )
    return StartStep(
        label, text, is_answered, f"{reverse('office_start')}#ends", _("見る"),
        key=ENDS, ask=_("全員を確かめた"), is_answered=is_answered, seen=mark_of(found),
    )  # fmt: skip


def ends_left_out(office: Office, on: date) -> QuerySet[Enrolment]:
    """Who ended by leaving a job that still runs here; who is in use after the right was over before."""
    first = first_month_here(office)
    if first is None:
        return Enrolment.objects.none()
    jobs = Employment.objects.filter(client=OuterRef("client"))
    runs = jobs.filter(ends_on=None, starts_on__lte=OuterRef("ends_on"))
    left = Q(end_reason=EndReason.LEFT_JOB, ends_on__lt=first.first_day) & Exists(runs)
    papers = Decision.objects.standing().filter(client=OuterRef("client"))
    day = first.first_day
    over = Q(window_ends_on__lt=day) | Q(Exists(papers)) & ~Exists(papers.filter(ends_on__gte=day))
    in_use = Q(ends_on=None, use_starts_on__lt=day, client__died_on=None)
    rows = Enrolment.objects.filter(office=office).filter(left | in_use & over)
    return rows.select_related("client").order_by("pk")


def why_asked(row: Enrolment) -> str:
    """What there is to look at, in words."""
    if row.ends_on is not None:
        return _("離職で終わったのに、離職日がありません。仕事の記録に離職日を入れてください。")
    return _(
        "利用できる期間か支給決定が、最初の月より前に終わっています。更新した受給者証か、利用の終了を入れてください。"
    )
