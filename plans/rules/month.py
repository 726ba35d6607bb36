"""月の判定: ready, ready with a reduction, held, or not billable, and every reason (§8).

Not billable beats held beats reduced: what can never be paid is said first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from clients.rules.citing import cite
from clients.rules.kinds import Labelled
from teikyaku.periods import Month
from teikyaku.reasons import Certainty, Reason

RULE = "docs/rules.md §8"
FEE_RULE = "docs/rules.md §7"
# Known practice, without a source text at hand: it stands in the section of the fees.
PRACTICE = {"barred": cite(7, Certainty.PRACTICE)}
# Nobody has said yet: the municipality is asked.
UNKNOWN = ("report_died", "employment_pending", "report_late", "report_early")


# Before the item, the code of a reduction that the office notified.
CUT = "cut_"

# A reason on its way: its code and its words, which are put together only where it holds.
Told = tuple[str, str]


class MonthState(Labelled):
    """月の状態 of one person."""

    READY = "ready", "請求できる"
    READY_REDUCED = "ready_reduced", "減算で請求できる"
    HELD = "held", "保留"
    NOT_BILLABLE = "not_billable", "請求できない"


class MonthFacts(NamedTuple):
    """What the verdict on one person's month depends on."""

    month: Month
    has_contract: bool = True
    has_decision: bool = True
    is_renewal_late: bool = False
    """The decision ran out and no new one is on file: held, not lost."""
    split_paid_by: str = ""
    """Two municipalities granted days of the month: the one that it is claimed from."""
    is_employed: bool = True
    is_employment_pending: bool = False
    """Between two jobs: whether the month can be billed is [?]."""
    is_in_window: bool = True
    has_right: bool = True
    """The right stood on some day of the month, or is pending; False after it ended (§2)."""
    qualifying_meetings: tuple[date, ...] = ()
    missed: str = ""
    """Somebody was met and nothing counts: the day and why, in words."""
    refused_on: date | None = None
    report_shared_on: date | None = None
    report_due_on: date | None = None
    """By when it was to be shared; None where nobody has set a day (§6 [?])."""
    is_report_day_past: bool = False
    """That day has passed: a report that goes out from now on is late."""
    has_died: bool = False
    """The person has died: no report can go to them any more."""
    is_report_early: bool = False
    """It was shared before the first meeting of the month, and not again since."""
    has_cap: bool = True
    is_cap_of_another: bool = False
    """The cap on file for the month was set by another municipality than the one that pays."""
    is_tier_confirmed: bool = True
    has_tariff: bool = True
    has_unit_price: bool = True
    has_rival_items: bool = False
    """The office notified two things for the month of which only one can hold."""
    has_certificate: bool = True
    is_cap_management_open: bool = False
    """The cap is managed and the managing office's answer is not on file."""
    is_cap_result_off: bool = False
    """The answer on file was made from other sums, or by another office, than the month has now."""
    is_served_elsewhere: bool = False
    """Another office has a contract with the person in this month."""
    is_claimed_elsewhere: bool = False
    """The month is closed under another contract: one base fee only (docs/rules.md §7)."""
    barred_because: str = ""
    has_support_plan: bool = True
    plan_step: str = ""
    """Without a valid plan: the step in words that the plan being made lacks; "" where none is."""
    cuts: tuple[Told, ...] = ()
    """The office's own reductions that touch the person: item and words of each."""
    settled: frozenset[str] = frozenset()
    """Codes of reasons of which the municipality has said that the month can be billed all the same."""
    city_refusal: str = ""
    """The municipality has said that the month cannot be billed: when and why, in words."""
    is_over: bool = True
    """The month has ended: what is missing in a running month can still come."""


class Verdict(NamedTuple):
    """判定 with every reason; `state` follows from the gravest."""

    state: MonthState
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...] = ()
    """What somebody should look at before the close; it changes nothing by itself."""


def verdict(facts: MonthFacts) -> Verdict:
    """How one person's month stands (docs/rules.md §8)."""
    lost, held, reduced = _lost(facts), _held(facts), _reduced(facts)
    if lost:
        return Verdict(MonthState.NOT_BILLABLE, lost)
    # What the municipality was asked about, and answered, holds nothing any more.
    held = _unsettled(held, facts)
    warnings = _unsettled(_warnings(facts), facts)
    if held:
        return Verdict(MonthState.HELD, (*held, *reduced), warnings)
    if reduced:
        return Verdict(MonthState.READY_REDUCED, reduced, warnings)
    return Verdict(MonthState.READY, (), warnings)


def every_reason(facts: MonthFacts) -> tuple[Reason, ...]:
    """All that speaks against billing the month at once, also what a graver reason hides (§8)."""
    return (*_lost(facts), *_unsettled(_held(facts), facts))


def _unsettled(reasons: tuple[Reason, ...], facts: MonthFacts) -> tuple[Reason, ...]:
    if not facts.settled:
        return reasons
    return tuple(each for each in reasons if each.code not in facts.settled)


def _lost(facts: MonthFacts) -> tuple[Reason, ...]:
    met = bool(facts.qualifying_meetings)
    rows: list[Told] = []
    if not facts.has_contract:
        rows.append(("no_contract", "この月に利用契約がありません。"))
    if not facts.has_decision and not facts.is_renewal_late:
        rows.append(("no_decision", "この月は支給決定期間の外です。"))
    if not facts.is_employed and not facts.is_employment_pending:
        rows.append(("not_employed", "この月は就労していません。"))
    if not facts.is_in_window:
        rows.append(("outside_window", "この月は利用可能期間の外です。"))
    if facts.is_in_window and not facts.has_right:
        rows.append(
            ("right_ended", "この月には、利用する権利がありません（離職などで終わっています）。")
        )
    if facts.barred_because:
        rows.append(("barred", facts.barred_because))
    if facts.city_refusal:
        rows.append(("city_refused", facts.city_refusal))
    if not met and facts.is_over and facts.refused_on is not None:
        rows.append(("refused", "本人が面談を希望しなかった月です。"))
    if not met and facts.is_over and facts.refused_on is None:
        rows.append(
            (
                "no_meeting",
                f"請求できる面談がありませんでした。{facts.missed}"
                if facts.missed
                else "対面かテレビ電話の面談がありませんでした。",
            )
        )
    return _reasons(rows, Certainty.SOURCE)


def _held(facts: MonthFacts) -> tuple[Reason, ...]:
    rows = [*_open_facts(facts), *_open_report(facts), *_open_office(facts)]
    return _reasons(rows, Certainty.SOURCE)


def _open_facts(facts: MonthFacts) -> list[Told]:
    met = bool(facts.qualifying_meetings)
    rows: list[Told] = []
    if not met and not facts.is_over:
        rows.append(("meeting_to_come", f"今月の面談がまだありません。{facts.missed}"))
    if facts.is_claimed_elsewhere:
        rows.append(
            (
                "claimed_elsewhere",
                (
                    "この月の基本報酬は、別の利用契約（ほかの事業所など）で請求しています。"
                    "基本報酬は1人1か月に1つだけです。市町村に確かめてください。"
                ),
            )
        )
    if facts.is_renewal_late:
        rows.append(("renewal_late", "支給決定の更新がまだ記録されていません。"))
    if facts.is_employment_pending:
        rows.append(
            ("employment_pending", "転職の途中です。この月を請求できるかは、市に確認が必要です。")
        )
    if not facts.has_certificate:
        rows.append(("no_certificate", "受給者証の番号が記録されていません。"))
    if not facts.has_cap:
        rows.append(("no_cap", _cap_text(facts)))
    if facts.is_cap_management_open:
        rows.append(("cap_management", "上限額管理の結果がまだ届いていません。"))
    if facts.is_cap_result_off:
        rows.append(
            (
                "cap_result_off",
                "上限額管理の結果が、いまの負担額か受給者証の管理事業所と合いません。結果を書き直してください。",
            )
        )
    return rows


def _open_report(facts: MonthFacts) -> list[Told]:
    met = bool(facts.qualifying_meetings)
    rows: list[Told] = []
    if met and facts.report_shared_on is None and not facts.has_died:
        rows.append(
            (
                "report_not_shared",
                f"支援レポートをまだ本人に渡していません{_until(facts.report_due_on)}。",
            )
        )
    if facts.is_report_early:
        rows.append(
            (
                "report_early",
                (
                    "支援レポートを渡したのは、この月の面談より前です。面談のことが入っているか確かめ、"
                    "足りなければ書き足して、渡し直してください。"
                ),
            )
        )
    if met and _is_late(facts):
        rows.append(
            (
                "report_late",
                _late_text(facts),
            )
        )
    if met and facts.report_shared_on is None and facts.has_died:
        rows.append(
            (
                "report_died",
                (
                    "亡くなった方で、支援レポートを本人に渡した記録がありません。亡くなる前に渡していたときは、"
                    "その日を記録します。渡していないときは、この月を請求できるかを市町村に確かめてください。"
                ),
            )
        )
    return rows


def _open_office(facts: MonthFacts) -> list[Told]:
    rows: list[Told] = []
    if not facts.is_tier_confirmed:
        rows.append(("no_tier", "今年度の就労定着率の区分が確認されていません。"))
    if not facts.has_tariff:
        rows.append(("no_tariff", f"{facts.month.label}の報酬表がありません。"))
    if facts.has_rival_items:
        text = "同じ月にはどちらか一つだけの届出が、重なっています。届出を訂正してください。"
        rows.append(("rival_items", text))
    if not facts.has_unit_price:
        rows.append(("no_unit_price", "この月の地域区分と単価がありません。"))
    return rows


def _is_late(facts: MonthFacts) -> bool:
    """Handed over after its day; or not yet, and the day has passed: the municipality can be asked before."""
    shared, due = facts.report_shared_on, facts.report_due_on
    if shared is None:
        return facts.is_report_day_past and not facts.has_died
    return due is not None and shared > due


def _late_text(facts: MonthFacts) -> str:
    until = _until(facts.report_due_on)
    if facts.report_shared_on is None:
        return (
            f"支援レポートを渡す期限{until}が過ぎました。いま渡すと、この月を請求できると市町村が"
            "答えるまで保留です。渡す前でも、市町村に確かめて回答を記録できます。"
        )
    return (
        f"支援レポートを渡したのは、期限{until}のあとです。"
        "この月を請求できるかを市町村に確かめ、回答を記録してください。"
    )


def _until(day: date | None) -> str:
    return f"（{day.month}月{day.day}日まで）" if day else ""


def _cap_text(facts: MonthFacts) -> str:
    if facts.is_cap_of_another:
        return (
            "この月の負担上限月額は、請求する市町村とは別の市町村が決めたものです。"
            "請求する市町村の受給者証の上限額を記録してください。"
        )
    return "負担上限月額が記録されていません（0円とは別です）。"


def _reduced(facts: MonthFacts) -> tuple[Reason, ...]:
    # What the office notified lessens the month of everybody whom it touches.
    cuts = _cut_reasons(facts.cuts) if facts.cuts else ()
    if facts.has_support_plan:
        return cuts
    text = "この月に有効な個別支援計画がありません。減算になります。"
    if facts.is_over:
        # What is made from now on holds from now on: the month that is over stays reduced.
        text = (
            "この月に有効な個別支援計画がありませんでした。減算して請求します。これからつくる計画は、"
            "この月には効きません。この月までに本人に渡していた計画があるときだけ、記録すると効きます。"
        )
    elif facts.plan_step:
        text = (
            f"個別支援計画の「{facts.plan_step}」がまだです。"
            "この月に有効な計画がないので、減算になります。"
        )
    return (*_reasons([("no_support_plan", text)], Certainty.SOURCE), *cuts)


def _cut_reasons(cuts: tuple[Told, ...]) -> tuple[Reason, ...]:
    return tuple(Reason(CUT + item, text, FEE_RULE, Certainty.SOURCE) for item, text in cuts)


def _warnings(facts: MonthFacts) -> tuple[Reason, ...]:
    if not facts.is_served_elsewhere and not facts.split_paid_by:
        return ()
    # The other office is not named: who is no party to it must not learn where else somebody goes.
    text = (
        "この月は、ほかの事業所も契約しています。基本報酬は1人1か月に1つだけです。"
        "締める前に、本人か市町村に確かめてください。"
    )
    found = []
    if facts.is_served_elsewhere and not facts.is_claimed_elsewhere:
        found.append(Reason("served_elsewhere", text, FEE_RULE, Certainty.SOURCE))
    if facts.split_paid_by:
        words = (
            f"この月の途中で、支給決定をした市町村が変わりました。面談が成り立った日の支給決定により、"
            f"{facts.split_paid_by}へ請求します。締める前に、市町村に確かめてください。"
        )
        found.append(Reason("split_month", words, RULE, Certainty.UNKNOWN))
    return tuple(found)


def _reasons(rows: Iterable[Told], certainty: Certainty) -> tuple[Reason, ...]:
    return tuple(
        [
            Reason(code, text, PRACTICE.get(code, RULE), _certainty(code, certainty))
            for code, text in rows
        ]
    )


def _certainty(code: str, usual: Certainty) -> Certainty:
    if code in UNKNOWN:
        return Certainty.UNKNOWN
    return Certainty.PRACTICE if code in PRACTICE else usual
