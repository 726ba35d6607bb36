"""XLSX in which an office fills in its staff: one line a person."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from teikyaku.accounts.forms.staff_list import NAMES
from teikyaku.accounts.rules.role_words import READ
from teikyaku.spreadsheets import Column, Sheet, Value, workbook

_ROLES = "選択肢"
_MEANING = {
    "name": _("必須。"),
    "kana": _("職員の一覧の並びに使います。なくてもかまいません。"),
    "email": _("必須。招待のメールが届き、サインインに使います。ひとりに一つ。"),
    "roles": _("必須。兼務なら「、」で並べます。"),
    "starts_on": _("空欄なら、招待した日から。西暦でも和暦でも。"),
    "kind": _("資格や研修の名前。なくてもかまいません。"),
    "obtained_on": _("資格・研修を入れた行では、この日か有効期限が要ります。"),
    "valid_until": _("証書に書いてある有効期限。"),
    "ends_on": _("辞める日が決まっている人だけ。その日までの所属として招待します。"),
}
_EXAMPLES = (
    ("見本 一郎", "みほん いちろう", "ichiro@example.jp", "管理者、サービス管理責任者", "2024/4/1", "サービス管理責任者研修", "令和5年3月10日", "2028/3/31", ""),
    ("見本 二葉", "みほん ふたば", "futaba@example.jp", "支援員", "令和7年10月1日", "", "", "", ""),
)  # fmt: skip


def staff_template() -> bytes:
    """An empty sheet with drop-downs, the same filled in, and what stands in each column."""
    words = READ.split("・")
    choices = {"roles": f"'{_ROLES}'!$A$2:$A${len(words) + 1}"}
    columns = [
        Column(labels[0], width=20, choices=choices.get(name, ""), is_kept_text=True)
        for name, labels in NAMES.items()
    ]
    guide: list[Sequence[Value]] = [(labels[0], _MEANING[name]) for name, labels in NAMES.items()]
    return workbook(
        [
            Sheet(_("職員"), columns, []),
            Sheet(_("記入例"), columns, _EXAMPLES),
            Sheet(_("入れ方"), [Column(_("列")), Column(_("入れるもの"), width=60)], guide),
            Sheet(_ROLES, [Column(NAMES["roles"][0], width=30)], [(word,) for word in words]),
        ]
    )
