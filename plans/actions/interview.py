"""Logging a contact: a meeting, an attempt, a call; correcting one by a new row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.models import Enrolment
from clients.queries.no_contact import must_not_contact
from plans.actions.note_text import forget_note, index_note
from plans.enums import ContactOutcome, ContactWay, WorkplaceTalk
from plans.models import GoalRating, Interview, SupportPlanGoal
from plans.rules.interview import (
    is_with_workplace,
    may_be_with_workplace,
    names_workplace,
    needs_partner,
)
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import member_on

# The same attempt is no second press of the same button after this time.
ANOTHER_TRY = timedelta(minutes=2)


@transaction.atomic
def log_interview(
    *,
    enrolment: Enrolment,
    held_on: date,
    way: str,
    outcome: str,
    met_by: Membership,
    by: Membership,
    at: datetime,
    goal_ratings: Mapping[SupportPlanGoal, str] | None = None,
    **details: Any,
) -> Interview:
    """One dated contact. Met by and written by are two facts (代行入力).

    `goal_ratings`: how goals of the support plan go, as talked over in it.

    The caller refreshes the due date (plans.actions.life_change). Raises ValidationError for a day
    ahead, outside the enrolment, a member who did not work at the office on that day, and what may
    have been a contact with a workplace that must not be contacted, until it is clear.
    """
    refuse_future(at=at, held_on=held_on)
    _refuse_outside(enrolment, held_on)
    worker = member_on(met_by, held_on)
    if worker is None or worker.office_id != enrolment.office_id:
        raise ValidationError({"met_by": _("その日にこの事業所に所属する職員を選んでください。")})
    if must_not_contact(enrolment.client, held_on):
        refuse_workplace(way, outcome, details)
    if details.get("replaces") is None:
        _refuse_twin(enrolment, held_on, way, outcome, details, at)
    row = Interview(
        enrolment=enrolment,
        held_on=held_on,
        way=way,
        outcome=outcome,
        met_by=worker,
        agreed_at=_agreed_at(details.get("next_on"), details.get("replaces"), at),
        **details,
    )
    save_record(row, verb="interview_logged", by=by, at=at, person_id=enrolment.client.public_id)
    for goal, rating in (goal_ratings or {}).items():
        _refuse_foreign(goal, enrolment)
        GoalRating.objects.create(interview=row, goal=goal, rating=rating)
    index_note(row)
    return row


@transaction.atomic
def correct_interview(
    *, interview: Interview, reason: str, by: Membership, at: datetime, **facts: Any
) -> Interview:
    """A new row that takes the old one's place and says why; the old one stays readable.

    Raises ValidationError without a reason, or when somebody has just corrected the same row.
    """
    if not reason.strip():
        raise ValidationError({"correction_reason": _("訂正の理由を入れてください。")})
    # Against somebody who takes the same record back, or corrects it, at this moment.
    stored = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if Interview.objects.filter(replaces=stored).exists():
        raise ValidationError(_("この記録は、すでに訂正されています。新しい方を開いてください。"))
    if stored.withdrawn_at is not None:
        raise ValidationError(_("この記録は取り消されています。新しく記録してください。"))
    return log_interview(
        enrolment=interview.enrolment,
        replaces=interview,
        correction_reason=reason,
        by=by,
        at=at,
        **facts,
    )


@transaction.atomic
def withdraw_interview(
    *, interview: Interview, reason: str, by: Membership, at: datetime
) -> Interview:
    """A contact that never was (another person, a slip of the finger) is taken back; it stays readable.

    A month that was closed on it stays as it was closed. Raises ValidationError without a reason,
    for one that was corrected (the newer row is the one to take back), and for a second time.
    """
    row = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if not reason.strip():
        raise ValidationError({"withdrawal_reason": _("取り消す理由を入れてください。")})
    if row.withdrawn_at is not None:
        raise ValidationError(_("この記録は、もう取り消されています。"))
    if Interview.objects.filter(replaces=row).exists():
        raise ValidationError(_("この記録は訂正されています。新しい方を取り消してください。"))
    forget_note(row)
    row.withdrawn_by, row.withdrawn_at, row.withdrawal_reason = by, at, reason.strip()
    return save_record(
        row, verb="interview_withdrawn", by=by, at=at, person_id=row.enrolment.client.public_id,
        fields=("withdrawal_reason",),
    )  # fmt: skip


def _agreed_at(next_on: date | None, replaced: Interview | None, at: datetime) -> datetime | None:
    """When the next day was agreed: putting right other words of a record says no day anew."""
    if next_on is None:
        return None
    return replaced.agreed_at if replaced is not None and replaced.next_on == next_on else at


def _refuse_foreign(goal: SupportPlanGoal, enrolment: Enrolment) -> None:
    if goal.plan.enrolment_id != enrolment.pk:
        raise ValidationError(_("この方の目標ではありません。"))


def refuse_workplace(way: str, outcome: str, details: Mapping[str, Any]) -> None:
    """Of somebody whose workplace must not be contacted: nothing is stored before it is clear.

    A call that came from the workplace, and one that was made by mistake, are facts and are kept,
    in words that say so. Raises ValidationError at the field that is missing.
    """
    spoke_with, said = details.get("spoke_with") or (), details.get("workplace_talk", "")
    if needs_partner(way, outcome) and not spoke_with and way != ContactWay.EMPLOYER_VISIT:
        raise ValidationError(
            {"spoke_with": _("職場連絡禁止の方です。だれと話したかを選んでください。")}
        )
    texts = (details.get("participants", ""), details.get("place", ""))
    has_concern = bool(details.get("has_employer_concern"))
    if not said and may_be_with_workplace(
        way, spoke_with, has_employer_concern=has_concern, texts=texts
    ):
        raise ValidationError({"workplace_talk": _(
            "職場連絡禁止の方です。こちらから職場へ連絡・訪問はできません。"
            "すでにあったことなら、どれに当たるかを選んでください。"
        )})  # fmt: skip
    # What was talked about tells of a call as well ("店長に電話で様子を聞いた"): one question, no refusal.
    told = (details.get("notes") or "", details.get("agreed") or "")
    if not said and names_workplace(told):
        raise ValidationError({"workplace_talk": _(
            "職場連絡禁止の方です。「話したこと」か「決めたこと」に、職場の人かもしれない言葉があります。"
            "職場の人と話したかどうかを選んでください。"
        )})  # fmt: skip
    if said == WorkplaceTalk.NONE and is_with_workplace(way, spoke_with):
        raise ValidationError(
            {
                "workplace_talk": _(
                    "方法か話した相手が、職場になっています。どちらかを直してください。"
                )
            }
        )
    if said == WorkplaceTalk.THEIRS and way == ContactWay.EMPLOYER_VISIT:
        raise ValidationError(
            {"workplace_talk": _("職場訪問は、こちらからの連絡です。どちらかを直してください。")}
        )
    if said == WorkplaceTalk.OURS and not details.get("workplace_reason", "").strip():
        raise ValidationError(
            {"workplace_reason": _("職場連絡禁止の方です。連絡したわけを書いてください。")}
        )


def _refuse_twin(
    enrolment: Enrolment, held_on: date, way: str, outcome: str, details: dict[str, Any],
    at: datetime,
) -> None:  # fmt: skip
    """The same contact sent twice (the way back in a browser) is stored once.

    An attempt is tried again in the same way: once the first is a while ago, it is another one.
    """
    same = Interview.objects.standing().filter(
        enrolment=enrolment, held_on=held_on, way=way, outcome=outcome, notes=details.get("notes", ""), agreed=details.get("agreed", ""),
    )  # fmt: skip
    if outcome == ContactOutcome.ATTEMPT:
        same = same.filter(recorded_at__gt=at - ANOTHER_TRY)
    if same.exists():
        message = _(
            "同じ日の同じ内容の記録がもうあります。2回目のときは、メモに一言書いてください。"
        )
        raise ValidationError({"notes": message})


def _refuse_outside(enrolment: Enrolment, held_on: date) -> None:
    if held_on < enrolment.starts_on:
        raise ValidationError({"held_on": _("相談の開始日より前の日付です。")})
    died_on = enrolment.client.died_on
    if died_on is not None and held_on > died_on:
        raise ValidationError({"held_on": _("亡くなった日より後の日付です。")})
    if enrolment.ends_on is not None and held_on > enrolment.ends_on:
        raise ValidationError({"held_on": _("この方の利用が終わった後の日付です。")})
