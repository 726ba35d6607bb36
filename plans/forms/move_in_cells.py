"""移行の取込: cells as people fill them in, each read by its field; what a cell can name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.rules.names import search_key
from teikyaku.accounts.models import Membership, Municipality

_NO = {"", "×", "x", "✕", "✖", "-", "いいえ", "なし", "無", "no", "可", "オープン", "0", "false"}
_YES = {
    "○",
    "〇",
    "◯",
    "●",
    "はい",
    "あり",
    "有",
    "yes",
    "不可",
    "クローズ",
    "1",
    "true",
    "レ",
    "✓",
    "✔",
}
_PACES = {
    "毎月": 1,
    "1": 1,
    "月1": 1,
    "月1回": 1,
    "隔月": 2,
    "2": 2,
    "2か月": 2,
    "3": 3,
    "3か月": 3,
}


def _key(value: Any) -> str:
    """As words of a sheet are compared."""
    text = unicodedata.normalize("NFKC", str(value or ""))
    return (
        text.replace(" ", "")
        .replace("カ月", "か月")
        .replace("ヶ月", "か月")
        .replace("ヵ月", "か月")
        .casefold()
    )


class WordField(forms.CharField):
    """One of some words, full-width or half-width; cleans to the stored value."""

    def __init__(self, *, words: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._labels = [str(label) for _value, label in words]
        self._values = {_key(label): str(value) for value, label in words}

    def to_python(self, value: Any) -> str:
        """The stored value; raises ValidationError naming the words that are read."""
        key = _key(super().to_python(value))
        if not key:
            return ""
        found = self._values.get(key)
        if found is None:
            text = _("%(names)s のどれかを入れてください。")
            raise ValidationError(text % {"names": "・".join(self._labels)})
        return found


class KindsField(WordField):
    """障がい種別, several of them between ・ or commas; cleans to a tuple."""

    def to_python(self, value: Any) -> Any:
        """The stored values; raises ValidationError naming the words that are read."""
        text = str(value or "")
        for mark in "、,，/／・ 　":
            text = text.replace(mark, "・")
        parts = [
            part.removesuffix("障がい").removesuffix("障害") for part in text.split("・") if part
        ]
        return tuple(dict.fromkeys(super(KindsField, self).to_python(part) for part in parts))


class MarkField(forms.CharField):
    """○ or ×, はい or いいえ; cleans to bool."""

    def to_python(self, value: Any) -> Any:
        """Whether it is marked; raises ValidationError for another word."""
        key = _key(value)
        if key in {_key(word) for word in _NO}:
            return False
        if key in {_key(word) for word in _YES}:
            return True
        raise ValidationError(_("○ か × を入れてください。"))


class PaceField(forms.CharField):
    """面談の間隔 as people write it; cleans to months."""

    def to_python(self, value: Any) -> Any:
        """1 to 3; raises ValidationError naming what is read."""
        key = (
            _key(value)
            .removesuffix("に1回")
            .removesuffix("に1度")
            .removesuffix("ごと")
            .removesuffix("毎")
        )
        if not key:
            return None
        found = _PACES.get(key)
        if found is None:
            raise ValidationError(_("毎月・2か月・3か月 のどれかを入れてください。"))
        return found


class Book:
    """名簿: who and what a cell can name, read once for a whole file."""

    def __init__(
        self,
        staff: Sequence[Membership],
        municipalities: Sequence[Municipality],
        categories: Mapping[int, str],
    ) -> None:
        """`categories`: by sum in yen the category of a cap, where one alone has it."""
        self.categories = categories
        self._staff: dict[str, list[Membership]] = {}
        for member in staff:
            for text in (member.user.email, member.user.name):
                self._staff.setdefault(search_key(text), []).append(member)
        self._wards: dict[str, list[Municipality]] = {}
        for ward in municipalities:
            for text in {ward.full_name, ward.name, ward.code}:
                self._wards.setdefault(search_key(text), []).append(ward)

    def staff(self, text: str) -> Membership:
        """The member; raises ValidationError where there is none, or several."""
        found = self._staff.get(search_key(text), [])
        if len({each.user_id for each in found}) != 1:
            raise ValidationError(
                _("同じ氏名の職員が何人かいます。メールアドレスを入れてください。")
                if found
                else _("この事業所の職員に見つかりません。メールアドレスか、登録の氏名を入れてください。")
            )  # fmt: skip
        return found[0]

    def ward(self, text: str) -> Municipality:
        """The municipality; raises ValidationError where there is none, or several."""
        found = self._wards.get(search_key(text), [])
        if len(found) != 1:
            raise ValidationError(
                _("同じ名前の市区町村が何か所かあります。市の名前から入れてください。")
                if found
                else _("登録にない市区町村です。「新潟市中央区」のように入れるか、システム管理者に登録を頼んでください。")
            )  # fmt: skip
        return found[0]
