"""Tables of what is lost, corrected, paid by 国保連, and not paid yet by people."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.claim_payments import ShowClaims
from billing.queries.money_after import ClaimSums, CorrectionSums, OpenAge
from billing.queries.money_open import LostSums
from billing.queries.payments import Show
from billing.rules.money_span import YEAR
from billing.statistics.cells import people, people_of, row, yen
from billing.statistics.numbers import MoneyStatistics
from billing.statistics.table import Cell, Chart, MoneyTable
from teikyaku import money
from teikyaku.spreadsheets import Column, Kind


def lost_table(found: MoneyStatistics) -> MoneyTable:
    """請求できない months by month."""
    rows = []
    for month in found.span.months:
        own, before = found.lost[month], found.lost[month - YEAR]
        lost = people_of(own.people, month, "not-billable")
        rows.append(row(month, lost, own.yen, before.people, before.yen))
    return MoneyTable(
        "lost", _("請求できない月"),
        _("今日の記録で判定した人数と、請求できたとすればいくらだったかの見込みです。請求する額ではありません。"),
        _("請求できない月はありません。"),
        [Column(_("月"), Kind.MONTH), people(_("請求できない人")), yen(_("見込みの総費用")),
         people(_("前の年の人")), yen(_("前の年の見込み"))],
        rows if any(each.people for each in found.lost.values()) else [],
        Chart(value=1, before=3),
    )  # fmt: skip


def reason_table(found: MoneyStatistics) -> MoneyTable:
    """請求できない months by reason."""
    now, before = found.reasons.now, found.reasons.before
    keys = [*now, *(key for key in before if key not in now)]
    rows = []
    for key in keys:
        own, past = now.get(key, LostSums()), before.get(key, LostSums())
        rows.append(row(key, own.people, own.yen, past.people, past.yen))
    return MoneyTable(
        "reasons", _("請求できない理由"),
        _("理由が二つある方は、はじめの理由に入れています。"),
        _("請求できない月はありません。"),
        [Column(_("理由"), width=40), people(_("延べ人数")), yen(_("見込みの総費用")),
         people(_("前の年の延べ人数")), yen(_("前の年の見込み"))],
        rows, Chart(value=2, before=4),
    )  # fmt: skip


def correction_table(found: MoneyStatistics) -> MoneyTable:
    """過誤・再請求 by month of service."""
    url = f"{reverse('correction_list')}?show=all"
    rows = []
    for month in found.span.months:
        own = found.corrections.get(month, CorrectionSums())
        before = found.corrections.get(month - YEAR, CorrectionSums())
        if own.people or before.people:
            words = "、".join(f"{why} {n}" for why, n in own.reasons.items())
            rows.append(
                row(
                    month, Cell(own.people, url if own.people else ""), own.withdrawn,
                    own.benefit_yen, own.payable_yen, words, before.people, before.benefit_yen,
                )
            )  # fmt: skip
    return MoneyTable(
        "corrections", _("過誤・再請求"),
        _("サービスの月ごとの、訂正した方の数です。差は、訂正後から、その前の額を引いたものです。"),
        _("訂正した月はありません。"),
        [Column(_("月"), Kind.MONTH), people(_("訂正した人")), people(_("うち取り下げ")),
         yen(_("給付費の差")), yen(_("本人の支払いの差")), Column(_("理由"), width=40),
         people(_("前の年の人")), yen(_("前の年の給付費の差"))],
        rows, Chart(value=1, before=6),
    )  # fmt: skip


def claim_table(found: MoneyStatistics) -> MoneyTable:
    """国保連の支払い by month of processing: paid against claimed."""
    rows = []
    for month in found.claim_span.months:
        own = found.claims.get(month, ClaimSums())
        before = found.claims.get(month - YEAR, ClaimSums())
        # Of the coming month nobody knows yet what it brings: a year before is no row of its own.
        if own.people or (before.people and month <= found.span.last + 1):
            page = reverse("claim_payments")
            whole = f"{page}?show={ShowClaims.ALL.value}&month={month}" if own.people else ""
            waits = f"{page}?show={ShowClaims.WAITING.value}&month={month}" if own.waiting else ""
            rows.append(
                row(
                    month, Cell(own.people, whole), own.claimed_yen, own.paid_yen, own.rest_yen,
                    Cell(own.waiting, waits), before.claimed_yen, before.paid_yen,
                )
            )  # fmt: skip
    return MoneyTable(
        "claims", _("国保連への請求と支払い"),
        _("国保連が処理する月（サービスの月の次の月から）ごとです。取り下げた請求、返戻、過誤申立をした請求は数えません。額は自治体助成を含みます。"),
        _("請求ファイルはまだありません。"),
        [Column(_("処理した月"), Kind.MONTH), people(_("請求した人")), yen(_("請求した額")),
         yen(_("支払決定額")), yen(_("残り")), people(_("支払い待ちの人")),
         yen(_("前の年の請求")), yen(_("前の年の支払決定額"))],
        rows, Chart(value=3, more=4, before=6), _claim_lists(found),
    )  # fmt: skip


def _claim_lists(found: MoneyStatistics) -> list[tuple[str, str]]:
    """What waits today in all, of whichever month: the list counts the same."""
    owed, lists = found.owed, []
    if owed.waiting:
        told = {"n": f"{owed.waiting:,}", "yen": money.yen(owed.waiting_yen)}
        url = f"{reverse('claim_payments')}?show={ShowClaims.WAITING.value}"
        lists.append((_("今日の支払い待ち %(n)s人　%(yen)s") % told, url))
    if owed.before.months:
        before = {"n": owed.before.months, "yen": money.yen(owed.before.yen)}
        text = _("移行前の請求の支払い待ち %(n)sか月　%(yen)s") % before
        lists.append((text, reverse("opening_claims")))
    return lists


def age_table(found: MoneyStatistics) -> MoneyTable:
    """未入金 by age, as of today, and what is to be given back."""
    rows = [row(_age_words(each), each.count, each.open_yen) for each in found.ages if each.count]
    return MoneyTable(
        "ages", _("未入金（支払期限からの日数）"),
        _("今日現在の、利用者への請求のうち入金していない額です。選んだ期間によりません。"),
        _("未入金の請求はありません。"),
        [Column(_("支払期限から"), width=24), Column(_("件数"), Kind.NUMBER), yen(_("残り"))],
        rows, Chart(value=2), _payment_lists(found),
    )  # fmt: skip


def _payment_lists(found: MoneyStatistics) -> list[tuple[str, str]]:
    """The lists of payments that count the same: all, what is late, what is to be given back."""
    late = [age for age in found.ages if age.first_day is not None]
    refunds = found.refunds
    counted = (
        (_("未入金"), Show.OPEN, sum(age.count for age in found.ages),
         sum(age.open_yen for age in found.ages)),
        (_("支払期限を過ぎた"), Show.LATE, sum(age.count for age in late),
         sum(age.open_yen for age in late)),
        (_("返金がある"), Show.REFUND, refunds.count, refunds.yen),
    )  # fmt: skip
    return [
        (
            _("%(label)s %(n)s件　%(yen)s")
            % {"label": label, "n": f"{count:,}", "yen": money.yen(amount)},
            f"{reverse('payments')}?show={show.value}",
        )
        for label, show, count, amount in counted
        if count
    ]


def _age_words(age: OpenAge) -> str:
    if age.first_day is None:
        return _("期限の前")
    if age.last_day is None:
        return _("%(n)d日から") % {"n": age.first_day}
    return _("%(first)d〜%(last)d日") % {"first": age.first_day, "last": age.last_day}
