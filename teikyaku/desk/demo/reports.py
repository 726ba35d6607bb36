"""The reports of the months: consents, several recipients, corrections, receipts that are missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from plans.actions.report import (
    Handing,
    give_consent,
    share_report,
    withdraw_consent,
    write_report,
)
from plans.models import SupportReport
from teikyaku.desk.demo.lives import Life
from teikyaku.periods import Month

GOALS = "落ち着いて働き続ける。"
PLAIN = (
    "会社《かいしゃ》で がんばっていますね。\n"
    "休《やす》みの日《ひ》は、ゆっくり やすみましょう。\n"
    "こまったら、すぐに 電話をください。"
)
# How many months back: others than the person get copies, and corrections are made.
COPIED_MONTHS, CORRECTED_BACK, WITHDRAWN_BACK = 12, 2, 3
EMPLOYER_ITEMS = ["goals", "next_steps", "roles"]


def give_consents(life: Life, starts_on: date) -> None:
    """The workplace often gets some items only; a family's consent was withdrawn since."""
    index = life.plan.index
    who: dict[str, Any] = {"by": life.worker, "at": life.at(starts_on)}
    base: dict[str, Any] = {"enrolment": life.enrolment, "scope": "report", "starts_on": starts_on}
    if not life.plan.is_closed_employment:
        items = EMPLOYER_ITEMS if index % 2 else []
        give_consent(recipient="employer", items=items, **base, **who)
    family = give_consent(recipient="family", **base, **who)
    if index % 6 == 1:
        name = f"{life.city.centres[0].name}"
        give_consent(recipient="centre", recipient_name=name, **base, **who)
    withdrawn_on = (Month.of(life.today) - WITHDRAWN_BACK).first_day + timedelta(days=14)
    if index % 8 == 4 and starts_on < withdrawn_on:  # noqa: PLR2004
        withdraw_consent(consent=family, on=withdrawn_on, by=life.worker, at=life.at(withdrawn_on))


def report_month(
    life: Life, month: Month, day: date, result: str, died_on: date | None = None
) -> None:
    """Written after the meeting of `day`, handed to the person, to some others, corrected at times."""
    index, back = life.plan.index, Month.of(life.today) - month
    is_last = back == 1
    if back == 0 or (is_last and index % 6 == 1):
        return  # still to be written, so that there is something to do
    at = life.at(day)
    report = write_report(
        enrolment=life.enrolment, month=month.first_day, goals=GOALS,
        done=f"{day.month}/{day.day} に面談しました。", result=result,
        next_steps="来月も同じ時間に会います。",
        roles="本人：予定表を見る。\n職場：朝に声をかける。" if index % 2 else "",
        to_share="疲れると返事が短くなります。" if index % 3 == 0 else "",
        plain=PLAIN if index % 5 == 0 else "", by=life.worker, at=at,
    )  # fmt: skip
    if is_last and index % 9 == 5:  # noqa: PLR2004
        return  # written, and not with anybody yet
    shared_on = min(day + timedelta(days=2), month.last_day)
    if died_on is not None and shared_on >= died_on:
        return  # from that day on nothing goes to anybody
    is_received = back > 2 or index % 3 != 0  # noqa: PLR2004
    handing = Handing(with_plain=index % 5 == 0, is_received=is_received)
    _share(life, report, "person", shared_on, handing)
    if (index % 4 == 1 or index % 8 == 4) and back <= COPIED_MONTHS:  # noqa: PLR2004
        _copies(life, report, shared_on, back)
    if index % 10 == 3 and back == CORRECTED_BACK:  # noqa: PLR2004
        _correct(life, report, shared_on)


def _share(
    life: Life, report: SupportReport, to: str, on: date, handing: Handing, name: str = ""
) -> None:
    share_report(
        report=report, recipient=to, recipient_name=name, shared_on=on, handing=handing,
        way="handed" if to == "person" else "post", by=life.worker, at=life.at(on),
    )  # fmt: skip


def _copies(life: Life, report: SupportReport, on: date, back: int) -> None:
    """The workplace by post: that it arrived is known of the older ones."""
    if not life.plan.is_closed_employment:
        _share(life, report, "employer", on, Handing(is_received=back > 1))
    if back > WITHDRAWN_BACK or life.plan.index % 8 != 4:  # noqa: PLR2004
        _share(life, report, "family", on, Handing(is_received=back % 2 == 0), "母")


def _correct(life: Life, report: SupportReport, shared_on: date) -> None:
    day = shared_on + timedelta(days=6)
    write_report(
        enrolment=life.enrolment, month=report.month, goals=GOALS, done=report.done,
        result=report.result, next_steps="来月は、いつもより早い時間に会います。",
        roles=report.roles, to_share=report.to_share, plain=report.plain,
        correction_reason="次に会う時間を書き間違えていました。", by=life.worker, at=life.at(day),
    )  # fmt: skip
    if life.plan.index % 20 == 3:  # noqa: PLR2004
        _share(life, report, "person", day, Handing())
