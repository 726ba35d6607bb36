"""The pace in words: every reason and step that plans.rules.pace hands out."""

from __future__ import annotations

from datetime import date

from teikyaku.era import both
from teikyaku.periods import Month
from teikyaku.reasons import Certainty, Reason, Step

RULE = "docs/rules.md §6"

_TIGHTENED = {
    "work": "{day}の記録で、仕事が不安定でした",
    "life": "{day}の記録で、生活が不安定でした",
    "wants_more": "{day}に、本人がもっと会いたいと話しました",
    "employer": "{day}に、職場から心配の声がありました",
    "attempts": "最後の面談のあと、会えないことが続きました（{day}まで）",
    "first_attempts": "まだ面談がなく、会えないことが続きました（{day}まで）",
    "missed": "期限（{day}）までに面談がありませんでした",
    "job_change": "{day}に転職しました",
    "leave_start": "{day}から休職しています",
    "employment_end": "{day}に離職しました",
    "by_hand": "{day}に、サービス管理責任者が毎月に戻すと決めました",
}
# The same of a life event on a day before it: nobody tells of it as if it had happened.
_PLANNED = {
    "job_change": "{day}に転職する予定です",
    "leave_start": "{day}から休職する予定です",
    "employment_end": "{day}に離職する予定です",
}


def every(months: int) -> str:
    """毎月 / 2か月ごと."""
    return "毎月" if months == 1 else f"{months}か月ごと"


def interval_words(months: int) -> Reason:
    """The pace itself."""
    return Reason(f"pace_{months}", f"いまの間隔は{every(months)}です。", RULE, Certainty.GUIDANCE)


def tightening_words(code: str, on: date, *, was_longer: bool) -> Reason:
    """Why the pace went back to monthly; or, where it was monthly, why it stays so."""
    text = _TIGHTENED[code].format(day=both(on))
    then = "毎月に戻っています" if was_longer else "毎月のままです"
    return Reason(code, f"{text}。そのため{then}。", RULE, Certainty.PRACTICE)


def missed_words(due_on: date, by: date, *, was_longer: bool) -> Reason:
    """A date was missed: by itself, or by the end of the month in which it was set too late."""
    if by == due_on:
        return tightening_words("missed", due_on, was_longer=was_longer)
    then = "毎月に戻っています" if was_longer else "毎月のままです"
    text = f"期限（{both(due_on)}）が過ぎたあと、{both(by)}までに面談がありませんでした。そのため{then}。"
    return Reason("missed", text, RULE, Certainty.PRACTICE)


def planned_words(code: str, on: date, *, was_longer: bool) -> Reason:
    """A life event that lies ahead, and what is made of it already."""
    text = _PLANNED[code].format(day=both(on))
    then = "毎月に戻しています" if was_longer else "毎月のままです"
    return Reason(code, f"{text}。そのため{then}。", RULE, Certainty.PRACTICE)


def accepted_words(months: int, on: date) -> Reason:
    """A longer interval was accepted."""
    text = f"{both(on)}に、サービス管理責任者が{every(months)}にすると決めました。"
    return Reason("accepted", text, RULE, Certainty.PRACTICE)


def void_words(months: int, on: date, pace: int) -> Reason:
    """An acceptance that the records do not bear: something was put right, or told, after it."""
    text = (
        f"{both(on)}に{every(months)}にすると決めましたが、決定のあとで記録に加わったこと（訂正や、"
        f"あとから分かったこと）により、もとになる安定した面談がそろっていません。"
        f"間隔は{every(pace)}のままです。"
    )
    return Reason("void", text, RULE, Certainty.PRACTICE)


def capped_words(longest: int, on: date) -> Reason:
    """The office's longest interval has become shorter than what was agreed."""
    text = (
        f"事業所の設定で、いちばん長い間隔が{longest}か月になりました。"
        f"そのため{both(on)}の面談から{every(longest)}です。"
    )
    return Reason("capped", text, RULE, Certainty.PRACTICE)


def lapsed_words(agreed: int, due_on: date) -> tuple[Reason, ...]:
    """The date has passed: monthly from the day after; the date itself is the longer interval's."""
    due = f"過ぎた期限（{both(due_on)}）は、それまでの{every(agreed)}の間隔で決まったものです。"
    return (
        interval_words(1),
        tightening_words("missed", due_on, was_longer=True),
        Reason("missed_interval", due, RULE, Certainty.PRACTICE),
    )


def first_months_words(months: int, until: date) -> Reason:
    """The monthly months at the beginning of use."""
    text = f"利用を始めてから{months}か月（{both(until)}まで）は、毎月会う時期です。"
    return Reason("first_months", text, RULE, Certainty.PRACTICE)


def last_months_words(months: int, since: date) -> Reason:
    """The monthly months at the end of the window."""
    text = f"利用できる期間の終わりの{months}か月（{both(since)}から）は、毎月会う時期です。"
    return Reason("last_months", text, RULE, Certainty.PRACTICE)


def row_words(row: int, wanted: int, to_months: int) -> Reason:
    """How many of the settled meetings there are that suggest one step longer."""
    text = (
        f"仕事も生活も安定した面談は、続けて{row}回です"
        f"（{wanted}回続くと、{every(to_months)}にする提案が出ます）。"
    )
    return Reason("settled_row", text, RULE, Certainty.PRACTICE)


def enough_words(row: int) -> Reason:
    """Enough settled meetings, and an interval that may not become longer just now."""
    text = f"仕事も生活も安定した面談は、続けて{row}回です。"
    return Reason("settled_row", text, RULE, Certainty.PRACTICE)


def waiting_words(row: int, to_months: int) -> Reason:
    """The suggestion stands and waits for its decision."""
    text = (
        f"仕事も生活も安定した面談が{row}回続きました。{every(to_months)}にするかどうかは、"
        "サービス管理責任者が決めます。"
    )
    return Reason("waiting", text, RULE, Certainty.PRACTICE)


def zone_words(months: int, agreed: int) -> Reason:
    """The interval is shorter than agreed, because monthly months begin."""
    text = (
        f"決めた間隔は{every(agreed)}ですが、利用の始めと終わりの毎月会う時期にかかるため、"
        f"今回は{months}か月後までです。"
    )
    return Reason("monthly_zone", text, RULE, Certainty.PRACTICE)


def suggestion_words(
    meetings: int, to_months: int, first: tuple[Month, ...], ahead: str = ""
) -> Reason:
    """Why one step longer is suggested, and what it costs the office: the first months by name."""
    lost = "・".join(month.label for month in first)
    cost = f"面談のない{lost}は請求できません。" if first else ""
    text = (
        f"仕事も生活も安定した面談が{meetings}回続きました。{every(to_months)}にできます。"
        f"{cost}{ahead}"
    )
    return Reason("settled", text, RULE, Certainty.PRACTICE)


def lost_words(to_months: int, count: int, until: Month, *, is_cut: bool) -> str:
    """The rhythm of what cannot be billed, and how many months that is until `until`."""
    span = f"利用できる期間が終わる{until.label}まで" if is_cut else f"{until.label}までの1年"
    return (
        f"そのあとも、{to_months}か月のうち{to_months - 1}か月は、面談がなく請求できない月です"
        f"（{span}で、合わせて{count}か月）。"
    )


def set_late_words(since: date, before: date) -> Reason:
    """The date that stands had passed on the day on which it was set."""
    text = (
        f"期限は{both(since)}に変わりました（それまでは{both(before)}）。変わった日にはもう過ぎて"
        f"いたので、管理者への知らせは{both(since)}からの日数でします。"
    )
    return Reason("set_late", text, RULE, Certainty.PRACTICE)


def due_step(met_on: date, months: int, due_on: date | None) -> Step:
    """The arithmetic of the due date."""
    expression = f"最後の面談 {both(met_on)} の月の {months}か月後の月末"
    return Step("次の面談の期限", expression, _due(due_on), RULE)


def first_due_step(use_starts_on: date, due_on: date | None) -> Step:
    """The arithmetic before the first meeting."""
    expression = f"利用開始 {both(use_starts_on)} の月の月末"
    return Step("最初の面談の期限", expression, _due(due_on), RULE)


def moved_in_step(first_day: date, due_on: date | None) -> Step:
    """The arithmetic where the months before were not billed here."""
    expression = f"ここで請求する最初の月 {Month.of(first_day).label} の月末"
    return Step("次の面談の期限", expression, _due(due_on), RULE)


def met_before_words(met_on: date) -> Reason:
    """The last meeting was before the office moved in: it is no record here."""
    text = f"最後の面談（{both(met_on)}）は、移行のときに伝えられた日です。"
    return Reason("moved_in", text, RULE)


def _due(due_on: date | None) -> str:
    return both(due_on) if due_on else "期間が終わるため、次の期限はありません"
