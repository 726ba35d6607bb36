"""つなぎ as a workbook: the rows of the page with its filters, all of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plans.queries.referral import ReferralRow
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook


def referrals_workbook(rows: Iterable[ReferralRow], *, has_staff: bool) -> bytes:
    """One line a referral, in the order of the page; with 担当 where the place has such people."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("つないだ日"), Kind.DATE),
        Column(_("つなぎ先"), width=30), Column(_("名称・担当"), width=24), Column(_("理由"), width=50),
        Column(_("結果"), width=14), Column(_("結果の日"), Kind.DATE), Column(_("メモ"), width=40),
        Column(_("待っている日数"), Kind.NUMBER, width=16), Column(_("利用できる最初の日"), Kind.DATE, width=18),
        Column(_("利用できる最後の日"), Kind.DATE, width=18), Column(_("もう一度声をかけた結果"), width=22),
        Column(_("声をかけた日"), Kind.DATE), *([Column(_("担当"))] if has_staff else []),
    ]  # fmt: skip
    lines = (
        (
            row.name, row.kana, row.referred_on, row.centre, row.centre_name, row.why, row.outcome,
            row.outcome_on, row.outcome_note, row.waiting_days if row.is_waiting else None,
            row.eligible_from, row.eligible_until, row.follow_up, row.follow_up_on,
            *([row.staff] if has_staff else []),
        )
        for row in rows
    )  # fmt: skip
    return workbook([Sheet(_("つなぎ"), columns, lines)])
