"""The sentences of the standing (docs/rules.md §2), apart from the rule that picks them."""

from __future__ import annotations

from datetime import date

from clients.rules.citing import by_guidance, by_practice, by_source, day
from clients.rules.kinds import EmploymentKind
from clients.rules.window import SupportWindow
from teikyaku.reasons import Reason


def waiting(window: SupportWindow) -> Reason:
    """The six months still run."""
    return by_guidance(
        2,
        "window.waiting",
        f"6か月がたつのは{day(window.six_months_complete_on)}です。"
        f"{day(window.first_usable_on)}から{day(window.last_usable_on)}まで利用できます。",
    )


def usable(window: SupportWindow) -> Reason:
    """The window is open."""
    return by_guidance(
        2,
        "window.open",
        f"{day(window.first_usable_on)}から{day(window.last_usable_on)}まで利用できる期間です。"
        "利用を始める日が遅くなっても、最後の日は変わりません。",
    )


def expired(last_usable_on: date) -> Reason:
    """The three years are over."""
    return by_guidance(
        2,
        "window.expired",
        f"利用できる期間は{day(last_usable_on)}で終わりました。延長の仕組みはありません。"
        "相談は障害者就業・生活支援センターに引き継いで続けられます。",
    )


def not_begun(starts_on: date) -> Reason:
    """The day lies before the first employment."""
    return by_guidance(
        2, "window.not_begun", f"就職した日は{day(starts_on)}で、この日はまだ就職の前です。"
    )


def no_employment() -> Reason:
    """No ordinary employment is known."""
    return by_guidance(
        1,
        "window.no_employment",
        "一般就労の記録がありません。就職した日が分かると、利用できる期間を数えられます。",
    )


def no_service() -> Reason:
    """No service came before any of the jobs."""
    return by_guidance(
        1,
        "window.no_service",
        "就職の前に、対象となる障害福祉サービスを利用した記録がありません。"
        "そのため利用できる期間はありませんが、就業支援のセンターに相談できます。",
    )


def new_job_without_service(starts_on: date) -> Reason:
    """A later job that does not open a window of its own."""
    return by_source(
        2,
        "window.needs_new_service",
        f"{day(starts_on)}に始まった就労は、前の就労とつながっておらず、その前に新しく"
        "サービスを利用した記録がないため、新しい期間は始まっていません。",
    )


def not_ordinary(kind: EmploymentKind, starts_on: date) -> Reason:
    """A job that is not ordinary employment; of A型 also how it counts as a service before one."""
    label = EmploymentKind(kind).label
    text = f"{day(starts_on)}からの「{label}」は一般就労として数えません。"
    if kind == EmploymentKind.CONTINUED_A:
        text += (
            "A型を利用したあとに就職した方は、A型を「就職前のサービス」に記録すると数えられます。"
        )
    return by_source(1, "employment.not_ordinary", text)


def on_leave() -> Reason:
    """A leave of absence keeps the employment."""
    return by_practice(
        2,
        "employment.on_leave",
        "休職中です。休職の間も雇用は続いているものとして数えます（期間は延びません）。",
    )
