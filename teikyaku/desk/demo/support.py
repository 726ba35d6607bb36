"""The months of support: meetings at their pace, reports, plans, renewals, events, the end."""

from __future__ import annotations

from datetime import date, timedelta

from clients.actions.employment import employer_named
from clients.enums import EndReason
from clients.models import Enrolment
from plans.actions import life_change
from plans.actions.handover import judge_need, record_step, write_package_texts
from plans.queries.pace import next_due_of
from plans.rules.handover import HandoverStep
from teikyaku.desk.demo.lives import EMPLOYERS, Life
from teikyaku.desk.demo.path import renew
from teikyaku.desk.demo.plan import Stage
from teikyaku.desk.demo.plans import make_plans, talked_over
from teikyaku.desk.demo.reports import give_consents, report_month
from teikyaku.periods import Month, months_later

TOPICS = (
    ["tasks"], ["people", "tasks"], ["rhythm", "health"], ["money", "home"], ["hours", "commute"],
    ["leisure"], ["future", "family"],
)  # fmt: skip
NOTES = (
    "朝の支度は一人でできている。昼休みの過ごし方について話した。",
    "新しい作業を任された。手順書を一緒に見直した。",
    "疲れがたまっている様子。休みの日の過ごし方を相談した。",
    "給料の使い道を一緒に確かめた。貯金を始めたい。",
    "上司から、あいさつが元気でよいと言われたとのこと。",
    "通院の日を職場に伝える方法を練習した。",
)
AGREED = ("困ったらメモに書いて見せる。", "次回までに予定表を使ってみる。", "水曜日は早く寝る。")
ENDS = {
    Stage.LEFT_JOB: (EndReason.LEFT_JOB, 5), Stage.MOVED: (EndReason.MOVED, 4),
    Stage.OWN_WISH: (EndReason.OWN_WISH, 3), Stage.DIED: (EndReason.DIED, 4),
}  # fmt: skip
EVENTFUL = {Stage.PENDING_JOB, Stage.CHANGED_JOB, Stage.LEAVE}
LOOSENING = {Stage.SETTLED_2: 2, Stage.SETTLED_3: 3}


def end_of_use(life: Life) -> tuple[date, str] | None:
    """Day and reason of the end, where the person's use has ended."""
    if life.plan.stage == Stage.HANDED_OVER:
        return life.window.last_usable_on, EndReason.EXPIRED
    if life.plan.stage in ENDS:
        reason, back = ENDS[life.plan.stage]
        return months_later(life.today, -back), reason
    return None


def live_support(life: Life, starts_on: date) -> None:
    """Every month from the first day of use to today or the end."""
    give_consents(life, starts_on)
    ending = end_of_use(life)
    until = min(life.today, ending[0] if ending else life.today)
    make_plans(life, starts_on, until)
    for month in Month.span(Month.of(starts_on), Month.of(until)):
        _renew_in(life, month, until)
        _event_in(life, month, starts_on)
        _meet_in(life, month, starts_on, until)
    if ending:
        _end(life, *ending)
    elif life.plan.stage == Stage.EXPIRING:
        _hand_over(life)


def _renew_in(life: Life, month: Month, until: date) -> None:
    ended_on = life.granted_until
    if ended_on is None or not month.contains(ended_on):
        return
    is_late = life.plan.index % 27 == 10 and ended_on > months_later(life.today, -2)  # noqa: PLR2004
    if ended_on >= life.window.last_usable_on or ended_on > until or is_late:
        return
    renew(life, ended_on)


def _meet_in(life: Life, month: Month, starts_on: date, until: date) -> None:
    enrolment = life.enrolment
    enrolment.refresh_from_db(fields=["interview_due_on", "pace_months"])
    due = enrolment.interview_due_on
    if due is None or Month.of(due) > month or _is_skipped(life, month):
        return
    day = _day_in(life, month, starts_on)
    if day > until:
        return
    if life.plan.index % 9 == 2 and month.month % 5 == 0 and day > month.first_day:  # noqa: PLR2004
        _attempt(life, day - timedelta(days=1))
    _meet(life, day)
    ending = end_of_use(life)
    died_on = ending[0] if ending and ending[1] == EndReason.DIED else None
    report_month(life, month, day, NOTES[(life.plan.index + day.month) % len(NOTES)], died_on)
    _loosen(life, day)


def _is_skipped(life: Life, month: Month) -> bool:
    """Months that lack a meeting: somebody was overdue, or a month slipped by."""
    back = Month.of(life.today) - month
    if life.plan.stage == Stage.OVERDUE:
        return back <= 1
    return (life.plan.index * 5 + month.month) % 43 == 0


def _day_in(life: Life, month: Month, starts_on: date) -> date:
    day = month.first_day + timedelta(days=(life.plan.index * 7 + month.month * 3) % 24 + 1)
    return max(day, starts_on)


def _rating(life: Life, day: date) -> tuple[str, str]:
    if life.plan.stage == Stage.UNSTABLE and (life.today - day).days < 90:  # noqa: PLR2004
        return "unstable", "watch"
    calm = life.plan.stage in LOOSENING or life.plan.index % 4 == 0
    if calm or (life.plan.index + day.month) % 3:
        return "settled", "settled"
    return "watch", "settled"


def _attempt(life: Life, day: date) -> None:
    if day < life.enrolment.starts_on:
        return
    life_change.log_interview(
        enrolment=life.enrolment, held_on=day, way="face", outcome="attempt",
        met_by=life.worker, notes="待ち合わせに来られなかった。電話をかけたが出なかった。",
        by=life.worker, at=life.at(day),
    )  # fmt: skip


def _meet(life: Life, day: date) -> None:
    work, daily = _rating(life, day)
    index = life.plan.index + day.month
    life_change.log_interview(
        enrolment=life.enrolment, held_on=day, outcome="met",
        way="video" if index % 4 == 0 else "face", met_by=life.worker,
        place="" if index % 4 == 0 else ("事業所" if life.plan.is_closed_employment else "職場の会議室"),
        work_rating=work, life_rating=daily, has_worries=work == "unstable",
        topics=TOPICS[index % len(TOPICS)], own_work_rating=work if index % 3 == 0 else "",
        own_life_rating=daily if index % 3 == 0 else "",
        notes=NOTES[index % len(NOTES)], agreed=AGREED[index % len(AGREED)],
        workplace_talk="none" if life.plan.is_closed_employment else "",
        goal_ratings=talked_over(life, day),
        by=life.worker, at=life.at(day),
    )  # fmt: skip


def _loosen(life: Life, day: date) -> None:
    wanted = LOOSENING.get(life.plan.stage, 1)
    if (life.enrolment.pace_months or 1) >= wanted:
        return
    suggestion = next_due_of(life.enrolment).suggestion
    if suggestion is not None and suggestion.to_months <= wanted:
        life_change.decide_pace(
            enrolment=life.enrolment, decided_on=day, is_accepted=True, reason="",
            by=life.manager, at=life.at(day),
        )  # fmt: skip


def _event_in(life: Life, month: Month, starts_on: date) -> None:
    back = Month.of(life.today) - month
    if Month.of(starts_on) >= month or life.plan.stage not in EVENTFUL:
        return
    job = life.client.employments.order_by("starts_on").last()
    if job is None:
        return
    if life.plan.stage == Stage.PENDING_JOB and back == 0:
        left_on = life.today - timedelta(days=9 + life.plan.index % 5)
        _leave_job(life, job, left_on)
    elif life.plan.stage == Stage.CHANGED_JOB and back == 4:  # noqa: PLR2004
        left_on = month.first_day + timedelta(days=9)
        _leave_job(life, job, left_on)
        life_change.add_employment(
            client=life.client,
            employer=employer_named(name=EMPLOYERS[(life.plan.index + 3) % len(EMPLOYERS)]),
            starts_on=left_on + timedelta(days=12), job_title="事務補助",
            by=life.worker, at=life.at(left_on + timedelta(days=12)),
        )  # fmt: skip
    elif life.plan.stage == Stage.LEAVE and back == 2:  # noqa: PLR2004
        life_change.start_leave(
            employment=job, starts_on=month.first_day + timedelta(days=4), reason="体調不良",
            by=life.worker, at=life.at(month.first_day + timedelta(days=4)),
        )  # fmt: skip


def _leave_job(life: Life, job: object, left_on: date) -> None:
    life_change.end_employment(
        employment=job,  # type: ignore[arg-type]
        ends_on=left_on, reason="通勤しやすく条件のよい会社へ", changes_to_improve=True,
        by=life.worker, at=life.at(left_on),
    )  # fmt: skip


def _hand_over(life: Life) -> None:
    """Accepted, accepted by the second centre, shared too late, or still waiting for the answer."""
    last = life.window.last_usable_on
    is_over = life.plan.stage == Stage.HANDED_OVER
    kind = 0 if is_over else life.plan.index % 4
    judged_on = months_later(last, -5)
    row = judge_need(
        enrolment=life.enrolment, judged_on=judged_on, is_needed=True,
        judgement="生活面の相談先が必要。職場との調整も続けたい。", by=life.manager, at=life.at(judged_on),
    )  # fmt: skip
    row = write_package_texts(
        handover=row, what_works="手順書があると一人で進められる。朝に一日の予定を確かめる。",
        watch_for="疲れがたまると口数が減る。予定の変更は前の日までに伝える。",
        measures="昼休みのあとに10分の休憩。指示は一つずつ、メモで伝える。",
        by=life.manager, at=life.at(judged_on),
    )  # fmt: skip
    first, second = life.city.centres
    shared_on = months_later(last, -2 if kind == 1 else -4)

    def record(step: HandoverStep, on: date, **facts: object) -> None:
        record_step(
            handover=row, step=step, by=life.manager, at=life.at(min(on, life.today)), **facts
        )

    record(HandoverStep.CENTRE, judged_on, centre=first, centre_note="住まいと職場に近いため。")
    record(HandoverStep.CONSENT, shared_on, consented_on=shared_on)
    record(HandoverStep.SHARING, shared_on, shared_on=shared_on)
    if kind == 2:  # noqa: PLR2004
        declined_on = months_later(last, -3)
        record(
            HandoverStep.ANSWER, declined_on, declined_on=declined_on,
            decline_reason="登録の待ちが長く、3か月先まで受けられない。",
        )  # fmt: skip
        record(HandoverStep.CENTRE, declined_on, centre=second, centre_note="待ちがないため。")
        record(HandoverStep.CONSENT, declined_on, consented_on=declined_on)
        record(HandoverStep.SHARING, declined_on, shared_on=declined_on)
    if kind in (0, 2):
        accepted_on = months_later(last, -2)
        meeting_on = accepted_on - timedelta(days=7)
        record(HandoverStep.MEETING, meeting_on, meeting_on=meeting_on)
        record(HandoverStep.ANSWER, accepted_on, accepted_on=accepted_on)
        if is_over:
            met_on = months_later(last, -1)
            record(
                HandoverStep.CONTACT, met_on, first_contact_on=met_on,
                first_contact_note="本人と一緒に訪ね、次に会う日を決めた。",
            )  # fmt: skip


def _end(life: Life, day: date, reason: str) -> None:
    life.enrolment = Enrolment.objects.select_related("client", "office").get(pk=life.enrolment.pk)
    if reason == EndReason.EXPIRED:
        _hand_over(life)
    if reason == EndReason.LEFT_JOB:
        job = life.client.employments.order_by("starts_on").last()
        life_change.end_employment(
            employment=job,  # type: ignore[arg-type]
            ends_on=day, reason="体調不良", changes_to_improve=False, by=life.worker, at=life.at(day),
        )  # fmt: skip
    notes = {EndReason.EXPIRED: "こあサポートが受け入れた。", EndReason.MOVED: "県外へ転居した。"}
    life_change.end_use(
        enrolment=life.enrolment, ends_on=day, reason=reason,
        note=notes.get(EndReason(reason), ""), by=life.worker, at=life.at(day),
    )  # fmt: skip
