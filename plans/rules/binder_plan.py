"""利用契約と個別支援計画 in the binder: periods, order, reviews, signatures. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise, zip_longest

from plans.rules.binder_facts import ContractFacts, PlanFacts, SupportFacts
from plans.rules.mismatch import FactSide, Mismatch, MismatchKind, Place, Source, until
from plans.rules.support_plan import PlanDates, PlanStep, is_too_early, latest_review
from teikyaku.era import both
from teikyaku.periods import Month, Period, day_after, joined
from teikyaku.reasons import Certainty

IN_DECISION = Source(
    "支給決定を受けてから、利用契約を結び、その期間に利用します。",
    "docs/rules.md §3",
    Certainty.GUIDANCE,
)
AMOUNT = Source(
    "契約支給量は、受給者証の支給量に合わせて、事業者記入欄に書きます。",
    "docs/rules.md §4",
    Certainty.PRACTICE,
)
ORDER = Source(
    "個別支援計画は、アセスメント・原案・会議・説明と同意・交付の順につくり、同意の日から使います。",
    "docs/rules.md §6",
)
NEEDED = Source("有効な個別支援計画がない月は、減算になります。", "docs/rules.md §7")
SIGNED = Source("個別支援計画は、説明して文書で同意を得て、本人に交付します。", "docs/rules.md §6")


def _review_source(months: int) -> Source:
    text = f"個別支援計画は、少なくとも{months}か月に1回見直します。"
    return Source(text, "docs/rules.md §6")


def contract_mismatches(facts: SupportFacts) -> Iterable[Mismatch]:
    """Contract days without a decision, and amounts that differ (docs/rules.md §3, §4)."""
    granted = joined(row.period for row in facts.decisions)
    end = min(facts.on, facts.span.ends_on or facts.on)
    for row in facts.contracts:
        last = min(row.period.ends_on or end, end)
        first = max(row.period.starts_on, facts.span.starts_on)
        paper = FactSide("利用契約", row.period.starts_on, until(row.period))
        for day in _holes(first, last, granted):
            before = [p for p in granted if p.starts_on <= day]
            other = (
                FactSide("支給決定", before[-1].starts_on, until(before[-1]))
                if before
                else FactSide("支給決定", None, "この日までの決定がありません")
            )
            yield Mismatch(
                MismatchKind.CONTRACT,
                f"{both(day)}は利用契約の期間の中ですが、支給決定の期間の外です。",
                (paper, other), IN_DECISION, day, Place.CONTRACT, row.key,
            )  # fmt: skip
        yield from _amounts(facts, row, paper)


def _amounts(facts: SupportFacts, row: ContractFacts, paper: FactSide) -> Iterable[Mismatch]:
    for decision in facts.decisions:
        shared = decision.period.intersection(row.period)
        if shared is None or not shared.overlaps(facts.span) or not row.amount:
            continue
        if _plain(decision.amount) != _plain(row.amount):
            yield Mismatch(
                MismatchKind.CONTRACT,
                "契約支給量と、支給決定の支給量がちがいます。",
                (
                    FactSide(paper.label, paper.on, row.amount),
                    FactSide("支給決定", decision.period.starts_on, decision.amount),
                ),
                AMOUNT, shared.starts_on, Place.CONTRACT, row.key,
            )  # fmt: skip


def plan_gaps(facts: SupportFacts) -> Iterable[Mismatch]:
    """Months of use without a valid plan, those in a row as one (docs/rules.md §7)."""
    for first, last in _runs(facts.months_without_plan):
        before = [
            row
            for row in facts.plans
            if row.is_complete and row.starts_on and row.starts_on <= first.first_day
        ]
        plan = max(before, key=lambda row: row.starts_on or date.min, default=None)
        other = (
            FactSide("前の計画", plan.starts_on, f"見直しの期限 {both(plan.review_by)}")
            if plan is not None and plan.review_by is not None
            else FactSide("個別支援計画", None, "それまでに交付した計画がありません")
        )
        months = first.label if first == last else f"{first.label}から{last.label}まで"
        yield Mismatch(
            MismatchKind.PLAN_GAP,
            f"{months}は、有効な個別支援計画がありません。",
            (FactSide("利用した月", None, months), other),
            NEEDED, first.first_day, Place.PLANS,
        )  # fmt: skip


def plan_orders(facts: SupportFacts) -> Iterable[Mismatch]:
    """Steps of a plan on days that come in the wrong order (docs/rules.md §6)."""
    for row in facts.plans:
        if not _touches(row, facts.span):
            continue
        dated = [(label, day) for label, day in _steps(row.dates) if day is not None]
        for (earlier, first), (later, second) in pairwise(dated):
            if second < first:
                yield Mismatch(
                    MismatchKind.PLAN_ORDER,
                    f"「{later}」の日が、「{earlier}」の日より前です。",
                    (FactSide(earlier, first), FactSide(later, second)),
                    ORDER, second, Place.PLAN, row.key,
                )  # fmt: skip
        if is_too_early(row.starts_on, row.dates.consented_on) and row.starts_on:
            yield Mismatch(
                MismatchKind.PLAN_ORDER,
                "計画の開始日が、同意の日より前です。",
                (FactSide("計画の開始日", row.starts_on), FactSide("同意", row.dates.consented_on)),
                ORDER, row.starts_on, Place.PLAN, row.key,
            )  # fmt: skip


def plan_reviews(facts: SupportFacts) -> Iterable[Mismatch]:
    """A review day that lies too far, or that passed before the next plan began (§6)."""
    done = sorted(
        (row for row in facts.plans if row.is_complete and row.starts_on and row.review_by),
        key=lambda row: row.starts_on or date.min,
    )
    for row, after in zip_longest(done, done[1:]):
        assert row.starts_on is not None and row.review_by is not None  # noqa: S101, PT018
        latest = latest_review(row.starts_on, row.review_months)
        if row.review_by > latest and _touches(row, facts.span):
            yield Mismatch(
                MismatchKind.PLAN_REVIEW,
                f"見直しの期限が、開始日から{row.review_months}か月より後です。",
                (
                    FactSide("見直しの期限", row.review_by),
                    FactSide("計画の開始日", row.starts_on, f"{both(latest)}まで"),
                ),
                _review_source(row.review_months), row.review_by, Place.PLAN, row.key,
            )  # fmt: skip
        overdue = day_after(row.review_by)
        until = after.starts_on if after is not None else None
        is_over = facts.use.ends_on is not None and facts.use.ends_on < overdue
        is_late = overdue <= facts.on and (until is None or overdue < until)
        if is_late and not is_over and facts.span.contains(overdue):
            yield Mismatch(
                MismatchKind.PLAN_REVIEW,
                "見直しの期限までに、次の計画が始まっていません。",
                (
                    FactSide("見直しの期限", row.review_by),
                    FactSide("次の計画", until, "の開始" if until else "まだありません"),
                ),
                _review_source(row.review_months), overdue, Place.PLANS,
            )  # fmt: skip


def unsigned_plans(facts: SupportFacts) -> Iterable[Mismatch]:
    """Plans whose time has come without consent, or that were not handed over (§6)."""
    for row in facts.plans:
        # A plan whose first day is still to come has time for its signature.
        if row.starts_on is None or row.starts_on > facts.on or not _touches(row, facts.span):
            continue
        begins = FactSide("計画の開始日", row.starts_on)
        if row.dates.consented_on is None:
            yield Mismatch(
                MismatchKind.PLAN_SIGNED,
                "計画の期間に入っていますが、本人の同意（署名）が記録されていません。",
                (begins, FactSide("同意", None, "記録がありません")),
                SIGNED, row.starts_on, Place.PLAN, row.key,
            )  # fmt: skip
        elif row.dates.handed_over_on is None:
            yield Mismatch(
                MismatchKind.PLAN_SIGNED,
                "同意した計画を、本人に交付した記録がありません。",
                (
                    FactSide("同意", row.dates.consented_on),
                    FactSide("本人への交付", None, "記録がありません"),
                ),
                SIGNED, row.starts_on, Place.PLAN, row.key,
            )  # fmt: skip


def _steps(dates: PlanDates) -> tuple[tuple[str, date | None], ...]:
    return (
        (PlanStep.ASSESSMENT.label, dates.assessed_on),
        (PlanStep.DRAFT.label, dates.drafted_on),
        (PlanStep.MEETING.label, dates.meeting_on),
        ("説明", dates.explained_on),
        ("同意", dates.consented_on),
        (PlanStep.HANDOVER.label, dates.handed_over_on),
    )


def _touches(row: PlanFacts, span: Period) -> bool:
    """Whether the plan was made or holds in the span."""
    if row.starts_on is not None and row.review_by is not None:
        if row.starts_on > row.review_by:
            return span.contains(row.starts_on)
        return Period(row.starts_on, row.review_by).overlaps(span)
    return any(day is not None and span.contains(day) for _label, day in _steps(row.dates))


def _holes(first: date, last: date, periods: Sequence[Period]) -> Iterable[date]:
    """The first day of each stretch from `first` to `last` that no period holds.

    `periods` are joined, in order.
    """
    day = first
    for period in periods:
        if day > last:
            return
        if period.starts_on > day:
            yield day
        if period.ends_on is None:
            return
        day = max(day, day_after(period.ends_on))
    if day <= last:
        yield day


def _runs(months: Iterable[Month]) -> Iterable[tuple[Month, Month]]:
    """Months in a row as first and last."""
    found: list[tuple[Month, Month]] = []
    for month in sorted(months):
        if found and found[-1][1] + 1 == month:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found


def _plain(text: str) -> str:
    """The amount however it was typed."""
    return "".join(unicodedata.normalize("NFKC", text).split())
