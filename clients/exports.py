"""XLSX of the clients pages: the same rows as the page, all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from clients.models import WorkCheck
from clients.queries.work_check import CallRow
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook


def calls_workbook(rows: Iterable[CallRow], counted_on: date) -> bytes:
    """3月31日の就労の確認 one line a person, with room for what is heard."""
    columns = [
        Column(_("ようす")), Column(_("氏名")), Column(_("ふりがな")), Column(_("電話番号")),
        Column(_("職場への連絡"), width=22), Column(_("最後の就職先")), Column(_("就職日"), Kind.DATE),
        Column(_("離職日"), Kind.DATE), Column(_("利用の終了日"), Kind.DATE), Column(_("答え"), width=26),
        Column(_("だれから")), Column(_("確かめた日"), Kind.DATE), Column(_("記録した人")),
        Column(_("これまでの連絡"), width=40),
    ]  # fmt: skip
    title = _("%(year)d年3月31日の就労") % {"year": counted_on.year}
    return workbook([Sheet(title, columns, _people(rows))])


def _people(rows: Iterable[CallRow]) -> Iterator[Sequence[Value]]:
    for row in rows:
        user, answer, job = row.user, row.user.answer, row.user.last_job
        yield (
            str(row.state.label), user.name, user.kana, row.phone,
            _("職場に連絡しない") if row.must_not_contact else row.workplace_phone,
            job.employer.name if job else "", job.starts_on if job else None, user.left_on,
            user.enrolment.ends_on, answer.get_outcome_display() if answer else "",
            answer.get_source_display() if answer else "", answer.asked_on if answer else None,
            answer.recorded_by.user.name if answer else "",
            "\n".join(_told(each) for each in row.attempts),
        )  # fmt: skip


def _told(check: WorkCheck) -> str:
    words = (
        f"{check.asked_on:%Y/%m/%d} {check.get_outcome_display()}（{check.get_source_display()}）"
    )
    return f"{words} {check.note}".strip()
