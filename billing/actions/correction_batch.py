"""まとめて直す: one fact made many closed months differ; each gets its further row, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.correction import (
    can_petition,
    record_petition,
    recorded,
    refuse_redo,
    refuse_withdrawal,
    write_redo,
    write_withdrawal,
)
from billing.models import MonthClosing, PersonMonth
from billing.queries.correction import Redo
from billing.queries.correction_batch import MOST, chosen_redos, mark_of
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors


def correct_months(
    *, office: Office, person_months: Sequence[UUID], seen: str, reason: str, note: str = "",
    filed_on: date | None = None, claim_month: date | None = None, by: Membership, at: datetime,
) -> list[PersonMonth]:  # fmt: skip
    """出し直す by today's facts, or 取り下げる where a month could not be billed; in one transaction.

    `seen` is the mark of what was shown (`mark_of`). The petition is dated where an old claim is to
    be taken back, and nowhere else. Raises ValidationError where one of them was just corrected (so
    a second press writes nothing), still lacks something, or is another than what was shown.
    """
    keys = set(person_months)
    if not keys:
        raise ValidationError({"rows": _("直す月を選んでください。")})
    if len(keys) > MOST:
        raise ValidationError(_("一度に直せるのは%(n)d件までです。") % {"n": MOST})
    redos = chosen_redos(office, keys, date_of(at))
    if len(redos) != len(keys):
        raise ValidationError(
            _("選んだ月のどれかは、もう訂正されています。一覧を開き直してください。")
        )
    for redo in redos:
        _refuse(redo, by)
    if seen != mark_of(redos):
        raise ValidationError(
            _("確かめているあいだに記録が変わりました。もう一度、金額を見てください。")
        )
    with violations_as_validation_errors(MonthClosing, PersonMonth), transaction.atomic():
        _hold(redos)
        return [_written(redo, reason, note, filed_on, claim_month, by, at) for redo in redos]


def _refuse(redo: Redo, by: Membership) -> None:
    if redo.is_held or redo.found is None:
        raise ValidationError(_("選んだ月のどれかは、いまの記録では直せません。"))
    if redo.can_redo:
        refuse_redo(redo, by)
    else:
        refuse_withdrawal(redo, by)


def _hold(redos: Sequence[Redo]) -> None:
    """Lock all rows in one order: of two people at once, the second one finds them replaced."""
    keys = [redo.row.pk for redo in redos]
    list(PersonMonth.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if PersonMonth.objects.filter(replaces__in=keys).exists():
        raise ValidationError(_("たったいま別の人が訂正しました。一覧を開き直してください。"))


def _written(
    redo: Redo, reason: str, note: str, filed_on: date | None, claim_month: date | None,
    by: Membership, at: datetime,
) -> PersonMonth:  # fmt: skip
    new = write_redo(redo, by, at) if redo.can_redo else write_withdrawal(redo, by, at)
    recorded(new, reason, note, None, None, by, at)
    if filed_on is not None and can_petition(new):
        record_petition(
            correction=new.correction, filed_on=filed_on,
            claim_month=None if new.is_withdrawn else claim_month, by=by, at=at,
        )  # fmt: skip
    return new
