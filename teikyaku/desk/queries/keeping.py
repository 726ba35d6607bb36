"""保存期間が終わる記録 of an office: everything that one file holds, what goes and what stays."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from billing.queries.keeping import money_parts, unsettled
from clients.models import Attachment, Client
from clients.queries.evidence import evidence_kept
from clients.queries.keeping import document_part
from clients.queries.keeping import office_parts as own_parts
from clients.queries.keeping_rows import Preview
from plans.queries.keeping import (
    has_ward_file,
    last_parts,
    office_parts,
    shared_proposals,
    shells_of,
    signers_elsewhere,
)
from teikyaku.accounts.models import Office
from teikyaku.era import both
from teikyaku.erasing import Part, counted, part
from teikyaku.reasons import Reason


def office_file_parts(client: Client, office: Office) -> list[Part]:
    """Everything of the office's file, in the order in which it can go."""
    own = [
        row.pk
        for row in Attachment.objects.filter(enrolment__client=client, enrolment__office=office)
    ]
    return [
        *money_parts(client, office),
        *office_parts(client, office),
        part(Attachment, "pk", own),
        document_part(client, office=office),
        *own_parts(
            client, office, shells=shells_of(client, office),
            signers=signers_elsewhere(client, office),
        ),
    ]  # fmt: skip


def is_last_file(client: Client, office: Office) -> bool:
    """Whether nobody else keeps a file of the person."""
    elsewhere = client.enrolments.exclude(office=office).exists()
    return not elsewhere and not has_ward_file(client)


def preview(client: Client, office: Office) -> Preview:
    """What erasing the office's file would take."""
    is_last = is_last_file(client, office)
    parts = office_file_parts(client, office)
    return Preview(
        goes=counted([*parts, *(last_parts(client) if is_last else [])]),
        stays=_stays(client, office, is_last=is_last),
        blocks=unsettled(client, office),
        is_last=is_last,
    )


def _stays(client: Client, office: Office, *, is_last: bool) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if not is_last:
        found.append(
            Reason(
                "keeping.core",
                _(
                    "氏名・住所・就労など、共通の情報：ほかに記録を保存するところがあるあいだは残ります。この事業所からは見えなくなります。"
                ),
            )
        )
    if shared := shared_proposals([client], office).count():
        text = _("区への提案 %(n)d件：区の記録でもあるため、区が消去するまで残ります。")
        found.append(Reason("keeping.proposals", text % {"n": shared}))
    return (*found, *_always())


def stays_of_office(office: Office, on: date) -> tuple[Reason, ...]:
    """What is left of the files that the office erased, with how much of it there is (one query)."""
    people, until = evidence_kept(office, on)
    if not people or until is None:
        return _always()
    text = _("いま残っている根拠は%(n)d人分です。最後のものは%(until)sまで要ります。")
    now = Reason("keeping.evidence_now", text % {"n": people, "until": both(until)})
    return (*_always(), now)


def _always() -> tuple[Reason, ...]:
    return (
        Reason("keeping.sums", _("締めた月の合計：名前のない合計だけが残ります。")),
        Reason(
            "keeping.evidence",
            _(
                "就労定着率と実績体制加算の根拠：利用の期間、3月31日に就労していた年、就職日と月数。まだ必要なあいだだけ、名前もつながりもない行として残り、その年度の率は変わりません。"
            ),
        ),
        Reason(
            "keeping.audit",
            _("操作の記録と消去の記録：だれがいつ何をしたか。氏名や内容は入っていません。"),
        ),
    )
