"""なぜこの金額か: the copayment of a closed month in plain words, for the person's paper."""

from __future__ import annotations

from billing.enums import CapOutcome
from billing.models import PersonMonth
from teikyaku.era import wareki_month
from teikyaku.money import yen
from teikyaku.periods import Month


def why_this_amount(row: PersonMonth) -> tuple[str, ...]:
    """The copayment in plain words, for the person."""
    if row.is_withdrawn:
        return ("この月は、就労定着支援の費用を請求しません。お支払いはありません。",)
    total, tenth = yen(row.total_cost_yen), yen(row.one_tenth_yen)
    amount = "お支払い" if row.subsidy_municipality is None else "利用者負担額"
    lines = [
        f"{wareki_month(Month.of(row.month))}の支援にかかった費用は、{row.units:,}単位 × {row.unit_price:.2f}円 で {total} です。",
        f"その1割は {tenth} です。あなたの負担の上限は、月 {yen(row.cap_yen)} です。",
    ]
    pays = f"{amount}は {yen(row.copayment_yen)} です。"
    lines.append(_why_managed(row, pays) if row.cap_result else _why_alone(row, amount, pays))
    if row.subsidy_municipality is not None:
        lines.append(
            f"そのうち {yen(row.subsidy_yen)} は、{row.subsidy_municipality.full_name}が助成します。"
            f"お支払いいただくのは {yen(row.payable_yen)} です。"
        )
    return (*lines, f"残りの {yen(row.benefit_yen)} は、市町村が事業所に支払います。")


def _why_managed(row: PersonMonth, pays: str) -> str:
    """By the result of the cap management (docs/rules.md §5), even where it leaves our sum as it is."""
    result = row.cap_result
    assert result is not None  # noqa: S101  (only asked where there is one)
    if result.outcome == CapOutcome.WITHIN:
        return f"ほかの事業所の分と合わせても上限までなので、調整はありません（上限額管理）。{pays}"
    if result.outcome == CapOutcome.ADJUSTED:
        return (
            "ほかの事業所の分と合わせると上限を超えるので、合計が上限になるように調整しました"
            f"（上限額管理）。{pays}"
        )
    if result.is_made_here:
        return f"この事業所の分だけで上限になるので、ほかの事業所でのお支払いはありません（上限額管理）。{pays}"
    return f"{result.managing_office_name}の分だけで上限になります（上限額管理）。{pays}"


def _why_alone(row: PersonMonth, amount: str, pays: str) -> str:
    if row.copayment_yen == 0:
        return "そのため、この月のお支払いはありません。"
    if row.copayment_yen < row.one_tenth_yen:
        return f"1割が上限より多いので、{amount}は上限の {yen(row.copayment_yen)} です。"
    if row.one_tenth_yen == row.cap_yen:
        return f"1割が上限と同じなので、{pays}"
    return f"1割が上限より少ないので、{pays}"
