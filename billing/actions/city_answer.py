"""市町村の回答: recording what the municipality said of a month, again where it changed, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import CityAnswer
from billing.rules.city_answer import SPLIT, asks_report_day, mark
from clients.actions.facts import refuse_future
from clients.models import Enrolment
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month

BEHIND = "この月の回答は、たったいま別の人が書き直しました。開き直して確かめてください。"
CHANGED = "市町村に確かめることが、ページを開いたあとに変わりました。開き直して確かめてください。"


def record_city_answer(
    *,
    enrolment: Enrolment,
    month: Month,
    codes: Iterable[str],
    is_billable: bool,
    answered_on: date,
    way: str,
    respondent: str,
    by: Membership,
    at: datetime,
    reason: str = "",
    note: str = "",
    replaces: CityAnswer | None = None,
    why_again: str = "",
    payer: int | None = None,
    report_on: date | None = None,
    seen: str | None = None,
) -> CityAnswer:
    """Whether the month can be billed, as the municipality said it; closed months stay as they are.

    `codes`: the reasons it is asked about now; nothing of an earlier answer lives on. `replaces`: the
    row that was read before, the last of the month. `payer`: the key of the municipality that the month
    would be claimed from. `report_on`: 支援レポート共有日 as it was said, where
    nobody can be given the report any more. `seen`: `rules.city_answer.mark` of what was shown. Raises
    ValidationError by field for a day ahead, a no without its reason, a yes where nothing is asked or
    without that day, another answer without why, and where somebody has just recorded one or something
    else is asked by now.
    """
    asked = sorted(set(codes))
    _refuse_unseen(replaces, asked, payer, seen)
    refuse_future(at=at, answered_on=answered_on, report_on=report_on)
    wants_day = is_billable and asks_report_day(asked)
    if is_billable and not asked:
        words = _("いま、この月に市町村に確かめる理由はありません。")
        raise ValidationError({"is_billable": words})
    if not is_billable and not reason.strip():
        raise ValidationError({"reason": _("請求できないと言われた理由を入れてください。")})
    if wants_day:
        _refuse_report_day(report_on, month)
    row = CityAnswer(
        enrolment=enrolment, month=month.first_day, codes=asked, is_billable=is_billable,
        answered_on=answered_on, way=way, respondent=respondent,
        reason=_reason(reason, replaces, is_billable=is_billable),
        note=note.strip(), report_on=report_on if wants_day else None,
        payer_id=payer if SPLIT in asked else None,
    )  # fmt: skip
    return _store(row, replaces, why_again, "city_answer_recorded", by, at)


def _reason(reason: str, former: CityAnswer | None, *, is_billable: bool) -> str:
    """What was typed; why it was a no, left in its field, is no reason of a yes."""
    words = reason.strip()
    was_no = former is not None and not former.is_billable
    return "" if is_billable and was_no and former and words == former.reason else words


def _refuse_unseen(
    former: CityAnswer | None, asked: list[str], payer: int | None, seen: str | None
) -> None:
    """An answer is to what was shown: neither to another question nor over somebody else's answer."""
    if seen is None:
        return
    newest = str(former.public_id) if former else ""
    if seen != mark(newest, asked, payer):
        is_behind = seen.partition(":")[0] != newest
        raise ValidationError(_(BEHIND) if is_behind else _(CHANGED))


def _refuse_report_day(day: date | None, month: Month) -> None:
    """実績記録票 cannot go without the day, nor with one that lies before the month."""
    if day is None:
        words = _(
            "実績記録票に書く「支援レポート共有日」を市町村に聞いて、言われた日を入れてください。"
        )
        raise ValidationError({"report_on": words})
    if day < month.first_day:
        raise ValidationError({"report_on": _("サービスの月より前の日付です。")})


def withdraw_city_answer(
    *, answer: CityAnswer, reason: str, by: Membership, at: datetime
) -> CityAnswer:
    """There was no such answer: a further row says so, and why; the month is asked about again.

    Raises ValidationError without a reason, or where somebody has just written another one.
    """
    if answer.is_withdrawn:
        raise ValidationError(_("この回答は、取り消してあります。"))
    row = CityAnswer(
        enrolment=answer.enrolment, month=answer.month, codes=answer.codes,
        is_billable=answer.is_billable, answered_on=answer.answered_on, way=answer.way,
        respondent=answer.respondent, reason=answer.reason, report_on=answer.report_on,
        payer_id=answer.payer_id,
        is_withdrawn=True,
    )  # fmt: skip
    return _store(row, answer, reason, "city_answer_withdrawn", by, at)


def _store(
    row: CityAnswer, former: CityAnswer | None, why: str, verb: str, by: Membership, at: datetime
) -> CityAnswer:
    if row.enrolment.office_id != by.office_id:
        raise ValidationError(_("この事業所の利用者ではありません。"))
    if former is not None and not why.strip():
        raise ValidationError({"why_again": _("書き直す理由を入れてください。")})
    row.replaces, row.why_again = former, why.strip() if former else ""
    person = row.enrolment.client.public_id
    with violations_as_validation_errors(CityAnswer), transaction.atomic():
        if _newest(row) != former:
            raise ValidationError(_(BEHIND))
        return save_record(row, verb=verb, by=by, at=at, person_id=person)


def _newest(row: CityAnswer) -> CityAnswer | None:
    rows = CityAnswer.objects.filter(enrolment=row.enrolment, month=row.month)
    found: CityAnswer | None = rows.filter(replaced_by=None).first()
    return found
