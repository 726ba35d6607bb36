"""The ward's lists as workbooks: the rows of the page with its filters, all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plans.models import Application, Decision, Proposal
from plans.queries.proposal import facts_of
from plans.queries.proposal import rows as proposal_rows
from plans.queries.queue import queue_rows
from plans.queries.renewal import renewals
from plans.queries.ward_lists import decision_rows, in_chunks, numbers_of
from plans.queries.ward_sight import names_in_sight
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.clock import date_of
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook


def applications_workbook(rows: QuerySet[Application], ward: Municipality, on: date) -> bytes:
    """申請 one line each, in the order of the page; names as of `on`."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("受付日"), Kind.DATE),
        Column(_("種類"), width=10), Column(_("受付場所"), width=24), Column(_("結果"), width=12),
        Column(_("結果の日"), Kind.DATE), Column(_("理由"), width=50),
        Column(_("受給者証番号"), width=14), Column(_("連絡先の電話番号"), width=18),
        Column(_("連絡先の人"), width=24),
    ]  # fmt: skip
    return workbook([Sheet(_("申請"), columns, _applications(rows, ward, on))])


def queue_workbook(rows: QuerySet[Application], on: date) -> bytes:
    """待っている申請 by whose turn it is, the oldest first."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("だれの番"), width=16),
        Column(_("次の手順"), width=24), Column(_("受付日"), Kind.DATE),
        Column(_("待っている日数"), Kind.NUMBER, width=16),
    ]  # fmt: skip
    return workbook([Sheet(_("待っている申請"), columns, _queue(rows, on))])


def decisions_workbook(rows: QuerySet[Decision], ward: Municipality, on: date) -> bytes:
    """支給決定 one line each; `rows` come from `with_numbers`."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("受給者証番号"), width=14),
        Column(_("決定日"), Kind.DATE), Column(_("開始日"), Kind.DATE),
        Column(_("終了日"), Kind.DATE), Column(_("支給量")), Column(_("状態"), width=12),
        Column(_("取消日"), Kind.DATE),
    ]  # fmt: skip
    return workbook([Sheet(_("支給決定"), columns, _decisions(rows, ward, on))])


def renewals_workbook(rows: QuerySet[Decision], on: date) -> bytes:
    """更新の時期 by the end, with the application that would follow."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("受給者証番号"), width=14),
        Column(_("終了日"), Kind.DATE), Column(_("残りの日数"), Kind.NUMBER),
        Column(_("更新の申請"), width=14), Column(_("次の手順"), width=24),
    ]  # fmt: skip
    return workbook([Sheet(_("更新の時期"), columns, _renewals(rows, on))])


def proposals_workbook(found: QuerySet[Proposal], reader: Membership, on: date) -> bytes:
    """事業所からの提案 in the order of the page; what is proposed in one column."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("提案"), width=20),
        Column(_("内容"), width=50), Column(_("事業所"), width=24), Column(_("状態"), width=14),
        Column(_("この状態になった日"), Kind.DATE), Column(_("日数"), Kind.NUMBER),
    ]  # fmt: skip
    return workbook([Sheet(_("提案"), columns, _proposals(found, reader, on))])


def _proposals(
    found: QuerySet[Proposal], reader: Membership, on: date
) -> Iterator[Sequence[Value]]:
    for chunk in in_chunks(found.select_related("municipality__city")):
        for row in proposal_rows(chunk, reader, on):
            asked = "、".join(f"{label}：{words}" for label, words in facts_of(row.proposal))
            yield (
                row.name, row.kana, row.proposal.get_kind_display(), asked,
                row.proposal.enrolment.office.name, row.proposal.get_state_display(),
                date_of(row.proposal.since), row.waiting_days,
            )  # fmt: skip


def _applications(
    rows: QuerySet[Application], ward: Municipality, on: date
) -> Iterator[Sequence[Value]]:
    for chunk in in_chunks(rows):
        people = [row.client_id for row in chunk]
        names, numbers = names_in_sight(people, ward.pk, on), numbers_of(people, ward.pk)
        for row in chunk:
            name = names.get(row.client_id)
            yield (
                name.name if name else "", name.kana if name else "", row.received_on,
                row.get_kind_display(), row.get_received_place_display(),
                row.get_outcome_display() if row.outcome else _("進行中"),
                row.outcome_on, row.outcome_reason, numbers.get(row.client_id, ''),
                row.contact_phone, row.contact_name,
            )  # fmt: skip


def _queue(rows: QuerySet[Application], on: date) -> Iterator[Sequence[Value]]:
    for chunk in in_chunks(rows):
        for row in queue_rows(chunk, on):
            yield (
                row.name, row.kana, str(row.turn.label), row.step_label,
                row.application.received_on, row.waiting_days,
            )  # fmt: skip


def _decisions(rows: QuerySet[Decision], ward: Municipality, on: date) -> Iterator[Sequence[Value]]:
    for chunk in in_chunks(rows):
        for row in decision_rows(chunk, ward, on):
            yield (
                row.name, row.kana, row.number, row.decided_on, row.starts_on, row.ends_on,
                row.amount, row.state_label(on), row.revoked_on,
            )  # fmt: skip


def _renewals(rows: QuerySet[Decision], on: date) -> Iterator[Sequence[Value]]:
    for chunk in in_chunks(rows):
        clients = {row.client.public_id: row.client_id for row in chunk}
        numbers = numbers_of(list(clients.values()), chunk[0].municipality_id)
        for row in renewals(chunk, on):
            is_received = row.application_id is not None
            yield (
                row.name, row.kana, numbers.get(clients[row.client_id], ""), row.ends_on,
                row.days_left, _("受付済み") if is_received else _("まだ"),
                str(row.step.label) if row.step else "",
            )  # fmt: skip
