"""Tables of what the months bring: fees by month, tier, category and item."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing.queries.money_caps import CapSums
from billing.queries.money_fees import FeeSums, ItemSums
from billing.rules.money_span import YEAR
from billing.statistics.cells import people, people_of, row, yen
from billing.statistics.numbers import MoneyStatistics
from billing.statistics.table import Chart, MoneyTable
from teikyaku import money
from teikyaku.periods import Month
from teikyaku.spreadsheets import Column, Kind


def fee_table(found: MoneyStatistics) -> MoneyTable:
    """締めた月 by month, and what is ready to be closed."""
    rows = []
    for month in found.span.months:
        own, before = found.fees.get(month, FeeSums()), found.fees.get(month - YEAR, FeeSums())
        ahead = found.open.get(month)
        rows.append(
            row(
                month, people_of(own.people, month, "closed"),
                own.total_cost_yen, own.benefit_yen, own.copayment_yen,
                ahead.ready_yen if ahead and ahead.ready else None, before.people, before.total_cost_yen,
            )
        )  # fmt: skip
    return MoneyTable(
        "fees", _("月ごとの報酬"),
        _("締めた月の確定した額です。取り下げた月は数えず、訂正した月は訂正後の額です。保存期間が終わり消去した方の分は、月のページに別に出ています。"),
        _("締めた月はありません。"),
        [Column(_("月"), Kind.MONTH), people(_("締めた人")), yen(_("総費用")), yen(_("給付費")),
         yen(_("利用者負担")), yen(_("締める前の見込み")), people(_("前の年の人")),
         yen(_("前の年の総費用"))],
        rows, Chart(value=2, more=5, before=7),
    )  # fmt: skip


def open_table(found: MoneyStatistics) -> MoneyTable:
    """まだ締めていない people by month."""
    rows = [
        row(
            month, people_of(each.ready, month, "ready"), each.ready_yen,
            people_of(each.held, month, "held"), each.held_yen,
        )
        for month, each in found.open.items()
    ]  # fmt: skip
    return MoneyTable(
        "open", _("まだ締めていない分"),
        _("今日の記録で計算した見込みです。保留の額は、足りないものがそろったときの額です。"),
        _("締めていない方はいません。"),
        [Column(_("月"), Kind.MONTH), people(_("請求できる人")), yen(_("請求できる総費用")),
         people(_("保留の人")), yen(_("保留の総費用"))],
        rows, Chart(value=2, more=4),
    )  # fmt: skip


def tier_table(found: MoneyStatistics) -> MoneyTable:
    """締めた月 by tier."""
    now, before = _by_tier(found, found.span.months), _by_tier(found, found.span.before.months)
    rows = [
        row(key, *now.get(key, (0, 0)), *before.get(key, (0, 0)))
        for key in dict([*now.items(), *before.items()])
    ]
    return MoneyTable(
        "tiers", _("就労定着率の区分ごとの報酬"),
        _("締めたときの基本報酬の区分です。人数は、月ごとの人数の合計（延べ）です。"),
        _("締めた月はありません。"),
        [Column(_("区分")), people(_("延べ人数")), yen(_("総費用")),
         people(_("前の年の延べ人数")), yen(_("前の年の総費用"))],
        rows, Chart(value=2, before=4),
    )  # fmt: skip


def _by_tier(found: MoneyStatistics, months: Sequence[Month]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for (month, tier), own in found.tiers.items():
        if month in months:
            people, cost = sums.get(tier, (0, 0))
            sums[tier] = people + own.people, cost + own.total_cost_yen
    return sums


def cap_table(found: MoneyStatistics) -> MoneyTable:
    """利用者負担 by category and cap."""
    now, before = found.caps.now, found.caps.before
    rows = []
    for key in [*now, *(key for key in before if key not in now)]:
        own, past = now.get(key, CapSums()), before.get(key, CapSums())
        rows.append(
            row(
                key.label or _("区分の記録なし"), money.yen(key.cap_yen), own.people, own.copayment_yen, own.subsidy_yen,
                own.payable_yen, past.people, past.copayment_yen,
            )
        )  # fmt: skip
    return MoneyTable(
        "caps", _("利用者負担の区分ごと"),
        _("締めたときの負担上限月額と、その月の区分です。自治体の助成は、利用者負担のうち市町村が払う分です。"),
        _("締めた月はありません。"),
        [Column(_("区分")), Column(_("上限額")), people(_("延べ人数")),
         yen(_("利用者負担")), yen(_("うち助成")), yen(_("本人が払う額")),
         people(_("前の年の延べ人数")), yen(_("前の年の利用者負担"))],
        rows, Chart(value=3, before=7),
    )  # fmt: skip


def item_table(found: MoneyStatistics) -> MoneyTable:
    """加算・減算 by item."""
    now, before = found.items.now, found.items.before
    rows = []
    for key in [*now, *(key for key in before if key not in now)]:
        own, past = now.get(key, ItemSums()), before.get(key, ItemSums())
        rows.append(row(key, own.people, own.units, own.about_yen, past.people, past.units))
    return MoneyTable(
        "items", _("加算・減算の項目ごと"),
        _("締めた月の明細の単位数です。円は単位数×単価の目安で、請求額の端数処理の前の額です。"),
        _("加算・減算はありません。"),
        [Column(_("項目"), width=44), people(_("延べ人数")), Column(_("単位数"), Kind.UNITS),
         yen(_("目安の額")), people(_("前の年の延べ人数")),
         Column(_("前の年の単位数"), Kind.UNITS)],
        rows, Chart(value=2, before=5),
    )  # fmt: skip
