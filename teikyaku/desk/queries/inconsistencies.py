"""The page of what does not fit: for the administrator all of it, for an office its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Inconsistency, JobRun, Membership
from teikyaku.clock import date_of
from teikyaku.prepared import prepared

Kind = Inconsistency.Kind
GONE_DAYS = 30
# More of one kind are counted, not listed.
MOST = 100

# What whoever runs the server does about it.
OPERATOR: dict[Kind, Promise] = {
    Kind.DERIVED: _("manage.py check_derived --fix で、規則のとおりに書き直します。"),
    Kind.REFERRAL: _("manage.py check_derived --fix で、規則のとおりに書き直します。"),
    Kind.MONTH: _("記録を直さず、前の日のバックアップを別の場所に戻して比べます（docs/operations.md）。"),
    Kind.INVOICE: _("記録を直さず、前の日のバックアップを別の場所に戻して比べます。"),
    Kind.SUM: _("記録を直さず、前の日のバックアップを別の場所に戻して比べます。"),
    Kind.PLAN: _("事業所のサービス管理責任者が、計画の日付を訂正します。"),
    Kind.RIVALS: _("事業所の管理者が、どちらかの届出を訂正します。重なる月の請求は保留です。"),
    Kind.OVERLAP: _("前の日のバックアップと比べ、どちらの行が正しいかを事業所に確かめます。"),
    Kind.GUARD: _("manage.py migrate を動かしても戻らなければ、バックアップから戻します。"),
    Kind.PAPER: _("バックアップから、その添付のファイルを戻します。"),
    Kind.ORPHAN: _("manage.py check_attachments --fix で消せます。"),
    Kind.JOB: _("systemctl --failed と journalctl -u 'teikyaku*' を見ます。"),
    Kind.BACKUP: _("systemctl start teikyaku-job@backup を動かし、置き場所の空きを見ます。"),
    Kind.PROOF: _("別の場所に戻して確かめ、manage.py restore_proved で記録します。"),
    Kind.UNASKED: _("journalctl -u 'teikyaku-job@look_over' を見ます。"),
}  # fmt: skip
_TELL = _(
    "事業所では直せません。システム管理者が調べます。月や請求書をつくり直さず、待ってください。"
)
_WAIT = _("システム管理者が書き直します。日付がおかしいと思ったら、面談の記録を見てください。")
# What an office does about its own.
OFFICE: dict[Kind, Promise] = {
    Kind.DERIVED: _WAIT,
    Kind.REFERRAL: _WAIT,
    Kind.MONTH: _TELL,
    Kind.INVOICE: _TELL,
    Kind.SUM: _TELL,
    Kind.PLAN: _("計画のページを開き、サービス管理責任者が開始日を訂正してください。"),
    Kind.RIVALS: _("管理者が「事業所の届出」で、どちらかを訂正してください。重なる月の請求は保留です。"),
    Kind.PAPER: _("紙が手もとにあれば、もう一度添付してください。なければ、システム管理者がバックアップから戻します。"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InconsistencyRow:
    """One line."""

    place: str
    detail: str
    subject: str
    url: str
    found_on: date
    gone_at: datetime | None
    label: str


@dataclass(frozen=True, slots=True)
class InconsistencyGroup:
    """All of one kind, and what to do about it."""

    label: str
    mend: str
    rows: tuple[InconsistencyRow, ...]
    more: int
    """How many further ones are not listed."""


@dataclass(frozen=True, slots=True)
class InconsistencyPage:
    """What stands, what was mended lately, and when it was last looked at."""

    groups: tuple[InconsistencyGroup, ...]
    gone: tuple[InconsistencyRow, ...]
    looked: JobRun | None


def standing_of(membership: Membership | None) -> QuerySet[Inconsistency]:
    """What stands that the reader hears of; None reads everything, as whoever runs the server."""
    return _of(membership).filter(gone_at=None)


def does_not_fit(office: int) -> bool:
    """Whether something stands at an office (one query, said once)."""
    return bool(_standing_at.rows(office=office))


@prepared("office")
def _standing_at(office: int) -> QuerySet[Inconsistency, int]:
    return Inconsistency.objects.filter(office=office, gone_at=None).values_list("pk", flat=True)[
        :1
    ]


def inconsistency_page(membership: Membership | None, at: datetime) -> InconsistencyPage:
    """Everything on the page (three queries)."""
    gone = _of(membership).filter(gone_at__gte=at - timedelta(days=GONE_DAYS)).order_by("-gone_at")
    return InconsistencyPage(
        groups=_groups(standing_of(membership), membership),
        gone=tuple(_row(row, membership) for row in gone[:MOST]),
        looked=JobRun.objects.filter(name=JobRun.Name.LOOK_OVER).first(),
    )


def _of(membership: Membership | None) -> QuerySet[Inconsistency]:
    rows = Inconsistency.objects.select_related("office")
    if membership is None or membership.office_id is None:
        return rows
    return rows.filter(office=membership.office_id)


def _groups(
    rows: Iterable[Inconsistency], membership: Membership | None
) -> tuple[InconsistencyGroup, ...]:
    found: dict[str, list[Inconsistency]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    is_office = membership is not None and membership.office_id is not None
    groups = []
    for kind in (each for each in Kind if each.value in found):
        mend = OFFICE.get(kind, _TELL) if is_office else OPERATOR[kind]
        mine = found[kind.value]
        shown = tuple(_row(row, membership) for row in mine[:MOST])
        groups.append(InconsistencyGroup(str(kind.label), str(mend), shown, len(mine) - len(shown)))
    return tuple(groups)


def _row(row: Inconsistency, membership: Membership | None) -> InconsistencyRow:
    url = reverse(row.page, args=row.page_arguments) if row.page else ""
    return InconsistencyRow(
        place=row.office.name if row.office else "", detail=row.detail, subject=row.subject,
        url=url if membership is not None and url and may_open(membership, url) else "",
        found_on=date_of(row.found_at), gone_at=row.gone_at,
        label=str(Kind(row.kind).label),
    )  # fmt: skip
