"""移行前の請求: what is left of a bill, as an office's sheet tells it: the rest, or the bill and what was paid of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from teikyaku.fields import YenField, normal
from teikyaku.table_files import Table

# For each the headings that mean it; the first of the rest is that of the sample file.
REST = (
    "残っている金額", "未収額", "未収金", "未収残", "未収残高", "残高", "残額", "残金", "残り", "残", "差引残", "差引残高",
    "差引額", "未入金額", "未入金", "未払額", "請求残",
)  # fmt: skip
BILLED = ("請求額", "金額", "請求金額")
PAID = (
    "入金", "入金額", "入金済", "入金済額", "入金済み", "入金済み額", "支払額", "支払済", "支払済額", "支払済み", "領収", "領収額",
    "領収済", "領収済額", "既入金額", "一部入金", "回収額",
)  # fmt: skip
# A heading that is not read and holds one of these may say that part of the bill was paid.
_OF_PAYING = ("入金", "支払", "領収", "回収", "既払", "残", "未収")
# Days and methods say nothing of the sum.
_NO_SUM = ("日", "期限", "方法", "予定", "備考", "メモ", "月", "回数", "者", "口座")


def without_rest(names: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The headings of a file that tells no rest: what was asked for, and what was paid of it."""
    return {**names, "amount_yen": (names["amount_yen"][0], *BILLED), "paid_yen": PAID}


def refuse_unclear(table: Table) -> None:
    """Refuse a bill as the rest of it, where a column that is not read may tell what was paid.

    Raises ValidationError that names the column.
    """
    for heading in table.ignored:
        word = "".join(normal(heading).split())
        if any(each in word for each in _OF_PAYING) and not any(each in word for each in _NO_SUM):
            text = _(
                "残っている金額の列がなく、請求額の列と「%(name)s」の列があります。一部が入金済みの分を全額の未収にしないよう、"
                "残りの列の見出しを「残っている金額」に、入金した額の列の見出しを「入金額」に直して、読み直してください。"
            )
            raise ValidationError(text % {"name": heading})


def rest_of(cells: Mapping[str, str]) -> str:
    """What is left, as it stands there; of a bill with a payment the rest after it."""
    told, paid = cells.get("amount_yen", ""), cells.get("paid_yen", "")
    if not paid.strip():
        return told
    yen, paid_yen = _yen(told), _yen(paid)
    # A payment that nobody can read is put right by whoever looks at the row.
    return "" if yen is None or paid_yen is None else str(max(yen - paid_yen, 0))


def is_settled(text: str) -> bool:
    """Whether nothing is left: the bill is no open one."""
    return _yen(text) == 0


def _yen(text: str) -> int | None:
    try:
        found: int | None = YenField(required=False).clean(text)
    except ValidationError:
        return None
    return found
