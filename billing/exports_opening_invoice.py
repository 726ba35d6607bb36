"""XLSX in which an office fills in the invoices of before: one line a person and month."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing.forms.opening_invoice import NAMES
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook

_KINDS = {"amount_yen": Kind.YEN}
_MEANING = {
    "name": _("画面で見分けるため。ふりがなの代わりにも使います。"),
    "kana": _("生年月日と合わせて、だれの請求かを見つけます。"),
    "birth_date": _("西暦でも和暦でも。"),
    "certificate": _("10桁。これだけでも、だれの請求かが分かります。"),
    "month": _("必須。サービスを使った月。ここで請求する最初の月より前。"),
    "amount_yen": _("必須。移ったときに、まだ入金されていない額（円）。"),
    "number": _("前の請求書に書いてある番号。"),
    "issued_on": _("前の請求書の日付。空欄なら、サービスの月の末日とします。"),
    "due_on": _("必須。前の請求書に書いてある支払期限。"),
}
_EXAMPLES = (
    ("見本 太郎", "みほん たろう", "1990/4/5", "0123456789", "2026-03", 2768, "R8-0312", "2026/4/10", "2026/5/31"),
    ("見本 花子", "みほん はなこ", "平成10年11月30日", "", "令和8年2月", 1200, "", "", "令和8年4月30日"),
)  # fmt: skip


def opening_invoices_template() -> bytes:
    """An empty sheet, the same filled in, and what stands in each column."""
    columns = [
        Column(labels[0], _KINDS.get(name, Kind.TEXT), 18, is_kept_text=name not in _KINDS)
        for name, labels in NAMES.items()
    ]
    guide: list[Sequence[Value]] = [(labels[0], _MEANING[name]) for name, labels in NAMES.items()]
    return workbook(
        [
            Sheet(_("移行前の請求"), columns, []),
            Sheet(_("記入例"), columns, _EXAMPLES),
            Sheet(_("入れ方"), [Column(_("列")), Column(_("入れるもの"), width=60)], guide),
        ]
    )
