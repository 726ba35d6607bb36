"""The sentences of the screening (docs/rules.md §1), apart from the rule that picks them.

They are read by people who ask for help: plain, and without blame.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from clients.rules import last_usable
from clients.rules.citing import by_guidance, by_source, day, not_settled
from clients.rules.facts import ServiceUse
from clients.rules.kinds import JobRoute, ScreeningAnswer, ServiceKind
from clients.rules.standing import Standing
from teikyaku.reasons import Reason

ASK_EMPLOYED_ON = "就職した日（働き始めた日）はいつですか。これからの方は予定の日で確かめられます。"
ASK_SERVICES = (
    "就職する前に、生活介護・自立訓練・就労移行支援・就労継続支援（A型・B型）の"
    "どれかを利用していましたか。"
)
ASK_KIND = "会社などに雇われて働いていますか。"
ASK_DIFFICULTIES = "就職して環境が変わったことで、生活や仕事に困りごとが出ていますか。"
ASK_SERVICE_DATES = "就職前のサービスは、いつからいつまで利用しましたか。"
ASK_PURPOSE = "仕事を離れる（離れた）のは、労働条件をよくするためですか。"
ASK_CHANGE_AT_OFFICE = "今回の転職を、就労が続いているものとして数えますか。"
ASK_SUPPORT_END = "働きながらの支援（復職・労働時間の延長）は、いつ終わる予定ですか。"

_FIVE = "生活介護・自立訓練・就労移行支援・就労継続支援（A型・B型）"
_CENTRES = "就職後の相談は、下にある相談先で無料で受けられます。"
_ROUTES_OUTSIDE = (
    JobRoute.SPECIAL_NEEDS_SCHOOL,
    JobRoute.HELLO_WORK,
    JobRoute.CORE_SUPPORT,
    JobRoute.LIFE_UP,
)


def ask_overlap(use: ServiceUse) -> str:
    """Ask about a service that was used on into the job."""
    kind = ServiceKind(use.kind).label
    until = "いまも" if use.ends_on is None else f"{day(use.ends_on)}まで"
    return (
        f"{kind}を就職の後も{until}利用していますか。復職や労働時間を延ばすための利用のときは、"
        "6か月はその終わりの翌日から数えます。そうでないときは、利用した日を確かめてください。"
    )


def ask_next_job(pending_until: date) -> str:
    """Ask about the job after the one that was left."""
    return f"次の就職は決まっていますか（{day(pending_until)}までの就職かどうかで変わります）。"


def ask_between(left_on: date, employed_on: date) -> str:
    """Ask whether a service without dates lies between two jobs."""
    return (
        f"前の仕事をやめた後に、サービスを使いましたか（{day(left_on)}より後、"
        f"{day(employed_on)}の就職より前）。"
    )


def between_counts(left_on: date, employed_on: date) -> Reason:
    """What hangs on it."""
    return by_source(
        2,
        "screening.between_counts",
        f"{day(left_on)}までの仕事の後に、サービスを使ってから{day(employed_on)}に就職したときは、"
        "新しい期間が始まります。いつ使ったかで、答えが変わります。",
    )


def continues(next_on: date) -> Reason:
    """Between two jobs that join."""
    return not_settled(
        2,
        "screening.continues",
        f"{day(next_on)}に次の仕事を始めると、就労が続いているものとして利用できます。"
        "それまでの間に利用できるかどうかは、支給決定をする市区町村に確認してください。",
    )


def who_may_use() -> Reason:
    """The rule as a whole, where facts are missing."""
    return by_guidance(
        1,
        "screening.who",
        f"{_FIVE}を利用した後に一般就労し、6か月がたち、環境の変化で生活や仕事に困りごとが"
        "出ている方が利用できます。",
    )


def service_came_first(kinds: Sequence[ServiceKind]) -> Reason:
    """A service, then the job."""
    names = "・".join(dict.fromkeys(ServiceKind(kind).label for kind in kinds))
    return by_guidance(
        1, "screening.service_first", f"{names}を利用した後に就職しているので、対象になります。"
    )


def no_service(route: JobRoute | None) -> Reason:
    """Employed without having used a service."""
    how = f"（{JobRoute(route).label}）" if route in _ROUTES_OUTSIDE else ""
    return by_guidance(
        1,
        "screening.no_service",
        f"この制度は{_FIVE}を利用してから就職した方のためのものです。"
        f"今回の就職{how}の前に利用がないため、対象になりません。{_CENTRES}",
    )


def service_came_later() -> Reason:
    """A service was used, but only after the job had begun."""
    return by_guidance(
        1,
        "screening.service_later",
        "サービスの利用が就職より後のため、「利用してから就職した」ことになりません。"
        "復職や労働時間を延ばすための利用だったときは対象になることがあるので、"
        f"利用していた事業所に確かめてください。{_CENTRES}",
    )


def continued_a() -> Reason:
    """The new workplace is 就労継続支援A型."""
    return by_source(
        1,
        "screening.continued_a",
        "就労継続支援A型で働くことは、この制度では一般就労に含まれません。"
        "一般企業などに就職して6か月がたつと利用できます。いまの相談は、A型の事業所と"
        "下にある相談先でできます。",
    )


def self_employed() -> Reason:
    """Self-employment: nothing is settled about it."""
    return not_settled(
        1,
        "screening.self_employed",
        "自営などの働き方が一般就労に当たるかどうかは、お住まいの区役所に確認が必要です。",
    )


def no_difficulties(found: Standing) -> Reason:
    """Everything else is given, and the person has no difficulties at present."""
    last_on = last_usable.last_usable_on(found)
    until = "" if last_on is None else f"{day(last_on)}までの間に"
    return by_guidance(
        1,
        "screening.no_difficulties",
        "環境の変化による困りごとがある方のための制度なので、困りごとのない今は対象になりません。"
        f"{until}困りごとが出てきたときは、申請できます。",
    )


def about_route(route: JobRoute | None, answer: ScreeningAnswer) -> tuple[Reason, ...]:
    """Say that the route did not exclude, where somebody might think so."""
    is_eligible = answer in (
        ScreeningAnswer.ELIGIBLE_NOW,
        ScreeningAnswer.ELIGIBLE_FROM,
        ScreeningAnswer.CONTINUES,
    )
    if not is_eligible or route not in _ROUTES_OUTSIDE:
        return ()
    return (
        by_guidance(
            1,
            "screening.route",
            f"就職の経路（{JobRoute(route).label}）だけで対象から外れることはありません。"
            "サービスを利用した後の就職かどうかで決まります。",
        ),
    )


def ask_the_office() -> Reason:
    """The sentence that belongs on every screening and estimate."""
    return by_guidance(
        1,
        "screening.ask_the_office",
        "迷うことがあるときは、就職の前に利用していた事業所に相談してください。",
    )
