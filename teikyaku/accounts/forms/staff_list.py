"""職員の一覧: rows that are typed or read from a sheet, looked at before anybody is invited."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.actions.staff_list import Colleague
from teikyaku.accounts.models import User
from teikyaku.accounts.models.user import folded_email
from teikyaku.accounts.rules.role_words import READ, UnknownRole, roles_in, words_of
from teikyaku.era import DateInputError, parse_date
from teikyaku.fields import PAST, DateField, KanaField, normal
from teikyaku.table_files import Table
from teikyaku.typed_rows import BaseRows, RowForm, filled, rows_class

# For each column the headings that mean it; the first is that of the sample file.
NAMES: dict[str, Sequence[str]] = {
    "name": ("氏名", "名前", "職員名", "職員氏名"),
    "kana": ("ふりがな", "フリガナ", "かな", "カナ"),
    "email": ("メールアドレス", "メール", "mail", "e-mail", "email", "アドレス"),
    "roles": ("役割", "職種", "職名", "役職", "担当業務"),
    "starts_on": (
        "所属の開始日",
        "所属開始日",
        "入社日",
        "着任日",
        "いつから",
        "開始日",
        "配属日",
        "入職日",
        "入職",
        "入社",
        "入社年月日",
        "入職年月日",
        "採用",
        "採用日",
        "採用年月日",
    ),
    "kind": ("資格・研修", "資格", "研修", "資格名", "研修名"),
    "obtained_on": ("修了日", "取得日", "修了・取得した日", "研修修了日", "資格取得日"),
    "valid_until": ("有効期限", "資格の有効期限", "研修の有効期限", "更新期限"),
    # Whoever has left by then is not invited.
    "ends_on": (
        "所属の最後の日",
        "退職日",
        "退職",
        "退職年月日",
        "所属の終了日",
        "所属終了日",
        "終了日",
        "退職予定日",
    ),
}
REQUIRED = ("name", "email", "roles")
_NO_END = {"-", "ー", "―", "—", "なし", "無", "×", "在職", "在職中", "現在"}
_KIND_AND_DAY = re.compile(
    r"(?P<kind>.*?[^0-9(\s])[\s(:]*(?P<day>(?:[MTSHRmtshr]|明治|大正|昭和|平成|令和)?(?:元|[0-9]{1,4})[年./-][0-9]{1,2}[月./-][0-9]{1,2}日?)"
    r"[\s]*(?:修了|取得|(?P<until>まで(?:有効)?|期限))?[)]?"
)
_EXPECTED = ("予定", "見込み", "見込", "付")
# Where a cell with several qualifications parts; not within brackets, and 2024/2/14 is one day.
_BETWEEN_KINDS = re.compile(r"[、，,;；\n／](?![^（(]*[）)])")
# A sum has no name: 「計」, 「合計4名」, or the number alone beside it.
_SUM = re.compile(r"(?:合計|小計|総計|計|平均)?[0-9]*[名人]?$|(?:合計|小計|総計)")


class RolesField(forms.CharField):
    """役割 in plain words, several of them; cleans to the stored values."""

    def clean(self, value: Any) -> Any:
        """The roles; raises ValidationError naming the words that are read."""
        text = str(super().clean(value) or "")
        try:
            return roles_in(text)
        except UnknownRole as error:
            raise ValidationError(str(error)) from error


class StaffForm(RowForm):
    """One member of staff. Who works here already is said, and comes in no second time."""

    name = forms.CharField(label=_("氏名"), max_length=80)
    kana = KanaField(required=False, max_length=80)
    email = forms.EmailField(label=_("メールアドレス"))
    roles = RolesField(label=_("役割"), help_text=_("兼務なら「、」で並べます：") + READ)
    starts_on = DateField(label=_("所属の開始日"), required=False, around=PAST,
                          help_text=_("空欄なら今日から。"))  # fmt: skip
    kind = forms.CharField(label=_("資格・研修"), max_length=60, required=False)
    obtained_on = DateField(label=_("修了・取得した日"), required=False)
    valid_until = DateField(label=_("有効期限"), required=False)
    ends_on = DateField(label=_("所属の最後の日"), required=False,
                        help_text=_("辞める日が決まっている人だけ。"))  # fmt: skip

    def __init__(
        self, *args: Any, known: Collection[str], own: str, on: date, **kwargs: Any
    ) -> None:
        """`known`: the addresses of who works here; `own`: that of who invites."""
        super().__init__(*args, **kwargs)
        self._known, self._own, self._on = known, own, on

    def clean(self) -> dict[str, Any]:
        """A qualification has its day; nobody invites themselves."""
        data: dict[str, Any] = super().clean() or {}
        data["starts_on"] = data.get("starts_on") or self._on
        days = ("obtained_on", "valid_until")
        first, last = (data.get(name) for name in days)
        if data.get("kind") and not (first or last) and not set(days) & set(self.errors):
            self.add_error("obtained_on", _t("修了日か有効期限の、分かるほうを入れてください。"))
        if (first or last) and not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _t("資格・研修の名前を入れてください。"))
        if first and last and last < first:
            self.add_error("valid_until", _t("修了・取得した日より前の日付です。"))
        if (ends := data.get("ends_on")) and ends < max(data["starts_on"], self._on):
            self.add_error("ends_on", _t("今日と所属の開始日から後の日を入れてください。"))
        if first and first > self._on:
            self.add_error("obtained_on", _t("今日までの日を入れてください。"))
        return data

    @property
    def is_known(self) -> bool:
        """Whether the person works here already, or is who sends the list."""
        email = folded_email(str(getattr(self, "cleaned_data", {}).get("email", "")))
        return bool(email) and (email in self._known or email == self._own)

    @property
    def note(self) -> str:
        """What the list says beside the row."""
        return _t("もう所属しています。招待しません。") if self.is_known else ""

    def words(self, name: str, value: Any) -> str:
        """Roles and days as people read them."""
        if name == "roles":
            return words_of(value)
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        return super().words(name, value)

    @property
    def colleague(self) -> Colleague:
        """As the action takes it."""
        data = self.cleaned_data
        return Colleague(
            email=folded_email(data["email"]), name=data["name"], kana=data["kana"], roles=data["roles"],
            starts_on=data["starts_on"], kind=data["kind"], obtained_on=data["obtained_on"],
            valid_until=data["valid_until"], ends_on=data["ends_on"],
        )  # fmt: skip


# Whose name it is stays untold: an office reads nobody's who does not work there.
_ANOTHER = _(
    "このアドレスは、ちがう氏名で登録されています。アドレスを確かめてください。"
    "合っていて、氏名が変わった人なら、システム管理者に招待を頼んでください。"
)


_TWO_ENDS = _(
    "同じ人のほかの行と、所属の最後の日がちがいます。正しい日を、どちらの行にも入れるか、一方を空欄にしてください。"
)


_SHARED = _(
    "同じアドレスが、ちがう氏名の行にもあります。招待は本人だけが使うので、1人に一つずつ、別のアドレスにしてください。"
)


def _plain(name: str) -> str:
    """A name without blanks and width, to compare."""
    return "".join(normal(name).split()).casefold()


class StaffRowsBase(BaseRows):
    """The rows of a page; who stands there twice is one."""

    def clean(self) -> None:
        """With what is registered: an address that is somebody else's opens the office to them."""
        super().clean()
        rows = [(form, form.colleague) for form in self.rows if not form.errors]
        users = User.objects.filter(email__in={new.email for _form, new in rows})
        names = {user.email: _plain(user.name) for user in users}
        for form, new in rows:
            if names.get(new.email, _plain(new.name)) != _plain(new.name):
                form.add_error("email", _ANOTHER)
            elif any(
                other.email == new.email and _plain(other.name) != _plain(new.name)
                for _form, other in rows
            ):
                form.add_error("email", _SHARED)
            elif new.ends_on and any(
                other.email == new.email and other.ends_on not in {None, new.ends_on}
                for _form, other in rows
            ):
                form.add_error("ends_on", _TWO_ENDS)

    @property
    def coming(self) -> list[Colleague]:
        """Whom the press of the button invites: one for each address, with all their roles."""
        found: dict[str, Colleague] = {}
        for form in self.rows:
            new = form.colleague
            found[new.email] = found[new.email].joined(new) if new.email in found else new
        return list(found.values())


StaffRows = rows_class(StaffForm, StaffRowsBase)


@dataclass(frozen=True, slots=True)
class StaffLines:
    """The lines of a file as the page's rows, and those who have left."""

    rows: list[dict[str, str]]
    left: list[str]
    """Their lines in the file: nobody invites them."""
    leaving: list[str]
    """Lines of those whose last day is still to come."""
    sums: list[str]
    """Lines that are nobody's: 計, 合計."""

    @property
    def told(self) -> str:
        """Who is not offered or will leave, and what to do; "" for nobody."""
        left = _t(
            "退職日・終了日が過ぎている%(n)d人（%(lines)s行目）は、招待の一覧に入れていません。いまも働いている人なら、退職日を消して読み直すか、1人ずつ入れてください。"
        )
        leaving = _t(
            "退職日がこれからの%(n)d人（%(lines)s行目）は、その日までの所属として招待します。担当にした利用者は、それまでに引き継いでください。"
        )
        sums = _t("合計などの行（%(lines)s行目）は、人として数えません。")
        return "".join(
            text % {"n": len(lines), "lines": "、".join(lines)}
            for text, lines in ((left, self.left), (leaving, self.leaving), (sums, self.sums))
            if lines
        )


def lines_of(table: Table, on: date) -> StaffLines:
    """Who can be invited: without sums, and without those whose last day here lies before `on`."""
    rows, left, leaving, sums = [], [], [], []
    for row in filled(table, list(NAMES)):
        ends_on = row["ends_on"]
        if _is_sum(row):
            sums.append(row["line"])
            continue
        if _has_left(ends_on, on):
            left.append(row["line"])
            continue
        row["ends_on"] = _last_day(ends_on)
        if row["ends_on"]:
            leaving.append(row["line"])
        row["email"] = normal(row["email"])
        rows += _one_kind_each(row)
    return StaffLines(rows, left, leaving, sums)


def _last_day(text: str) -> str:
    """The last day that is still to come, without 予定 beside it; "" for none."""
    typed = normal(text).strip()
    for word in _EXPECTED:
        typed = typed.replace(word, "")
    return "" if typed in _NO_END else typed.strip("() ")


def _one_kind_each(row: dict[str, str]) -> list[dict[str, str]]:
    """A line for each qualification in its cell, the first with everything else; one day is not shared out."""
    kinds = [part.strip() for part in _BETWEEN_KINDS.split(row["kind"]) if part.strip()]
    if len(kinds) < 2 or row["obtained_on"] or row["valid_until"]:  # noqa: PLR2004  (one is none to part)
        _split_kind(row)
        return [row]
    rows = [{**row, "kind": kind} for kind in kinds]
    for each in rows:
        _split_kind(each)
    return rows


def _split_kind(row: dict[str, str]) -> None:
    """「基礎研修 R6.7.1」 in one cell is a training, as it was typed, and the day on which it was finished."""
    typed = row["kind"].strip()
    match = _KIND_AND_DAY.fullmatch(normal(typed).strip())
    if match is None or row["obtained_on"] or row["valid_until"]:
        return
    try:
        parse_date(match["day"])
    except DateInputError:
        return
    row["kind"] = _typed_part(typed, len(match["kind"].strip())).strip()
    row["valid_until" if match["until"] else "obtained_on"] = match["day"]


def _typed_part(typed: str, folded: int) -> str:
    """The beginning of a text that comes to so many signs when it is folded (サ in half width is one or two)."""
    ends = range(len(typed), 0, -1)
    return next((typed[:end] for end in ends if len(normal(typed[:end])) <= folded), "")


def _is_sum(row: Mapping[str, str]) -> bool:
    """「計 4名」: nobody's line."""
    name = "".join(normal(row["name"]).split())
    # Beside it stand numbers, such as how many have which role.
    is_told = row["email"] or (
        row["roles"] and not any(mark.isdigit() for mark in normal(row["roles"]))
    )
    return not is_told and bool(_SUM.match(name))


def _has_left(text: str, on: date) -> bool:
    """Whether the cell of the last day says that it is over; what is no day is one all the same."""
    typed = normal(text).strip()
    if not typed or typed in _NO_END or "予定" in typed:
        return False
    try:
        return parse_date(typed) < on
    except DateInputError:
        return True
