"""移行の取込: cells as people fill them in, each read by its field; what a cell can name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.rules.names import search_key
from plans.move_in_columns import UNKNOWN_PLACE
from plans.queries.move_in_on_file import OnFile
from plans.rules import move_in_words as words
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.rules.municipality import bare_name, checks_itself
from teikyaku.fields import (
    DateField,
    DigitsField,
    MonthField,
    PhoneField,
    PostalCodeField,
    WorkingHoursField,
)

# Digits are no marks: one program has 0 and 1, the other 1 and 2 (1 = no). They are asked as codes.
_NO = {
    "",
    "×",
    "x",
    "✕",
    "✖",
    "-",
    "いいえ",
    "なし",
    "無",
    "no",
    "false",
    "非該当",
    "該当なし",
    "対象外",
}
_YES = {
    "○",
    "〇",
    "◯",
    "●",
    "はい",
    "あり",
    "有",
    "yes",
    "該当",
    "該当あり",
    "対象",
    "true",
    "レ",
    "✓",
    "✔",
}


# Whether the workplace may be called, or knows: what says no is looked for first.
_MAY, _MAY_NOT = {"可", "可能", "ok", "連絡可"}, {"不可", "禁止", "ng", "連絡不可", "不可能"}
_HIDDEN = ("クローズ", "伝えていな", "伝えていませ", "非開示", "開示していな", "開示していませ")
_OPEN = ("オープン", "伝えている", "伝えています", "開示している", "開示しています")


_PLACE_NUMBER = re.compile(r"[0-9]{6}")


def _unknown_words(text: str) -> str:
    """What to do about such a municipality; a number with a slip in it is told as one."""
    number = words.folded(text)
    if _PLACE_NUMBER.fullmatch(number) and not checks_itself(number):
        more = _("番号の最後の数字（検査用）が計算と合いません。受給者証で確かめてください。")
    else:
        more = _("「新潟市中央区」のように入れてください。登録がまだなら、ここで仮に登録できます。")
    return f"{UNKNOWN_PLACE}{more}"


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


def corrected(field: forms.Field, text: str) -> str:  # noqa: PLR0911  (one line for each kind)
    """A cell as its field reads it: what programs made of days, months, hours and leading zeros."""
    match field:
        case MonthField():
            return words.month_text(text)
        case DateField():
            return words.day_text(text)
        case PhoneField():
            return words.phone_text(text)
        case PostalCodeField():
            return words.postal_text(text)
        case DigitsField():
            return words.digits_text(text, field.length)
        case WorkingHoursField():
            return words.hours_text(text)
        case forms.IntegerField():
            return words.number_text(text)
    return text


class WordField(forms.CharField):
    """One of some words, full-width or half-width; cleans to the stored value."""

    def __init__(self, *, words: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._labels = [str(label) for _value, label in words]
        self._values = {_key(label): str(value) for value, label in words}

    def to_python(self, value: Any) -> str:
        """The stored value; raises ValidationError naming the words that are read."""
        text = str(super().to_python(value) or "")
        if not _key(text):
            return ""
        found = self._values.get(_key(text), self._values.get(_key(self.everyday(text))))
        if found is None:
            wanted = _("%(names)s のどれかを入れてください。")
            raise ValidationError(wanted % {"names": "・".join(self._labels)})
        return found

    def everyday(self, text: str) -> str:
        """The word that an everyday one means; the same where it is none."""
        return words.category_word(text) or words.service_word(text)

    def label_of(self, value: str) -> str:
        """The word of a stored value."""
        labels = zip(self._values.values(), self._labels, strict=False)
        return next((label for held, label in labels if held == value), value)


class KindsField(WordField):
    """障害種別, several of them between ・ or commas; cleans to a tuple."""

    def to_python(self, value: Any) -> Any:
        """The stored values; raises ValidationError naming the words that are read."""
        text = str(value or "")
        for mark in "、,，/／・＋+ 　\n":
            text = text.replace(mark, "・")
        parts = [part for part in text.split("・") if part]
        return tuple(dict.fromkeys(super(KindsField, self).to_python(part) for part in parts))

    def everyday(self, text: str) -> str:
        """発達 and 手帳 by what they mean."""
        return words.kind_word(text)


class MarkField(forms.CharField):
    """○ or ×, はい or いいえ; cleans to bool."""

    expected = _("○ か × を入れてください。")

    def to_python(self, value: Any) -> Any:
        """Whether it is marked; raises ValidationError for another word."""
        key = _key(value)
        if key in {_key(word) for word in _NO}:
            return False
        if key in {_key(word) for word in _YES}:
            return True
        raise ValidationError(self.expected)


def _may_call(key: str) -> bool | None:
    """What such words say, also in a sentence (「いいえ、伝えていません（クローズ）」); None where none stands there."""
    if key in _MAY_NOT or any(word in key for word in _HIDDEN):
        return False
    return True if key in _MAY or any(word in key for word in _OPEN) else None


class MustNotContactField(MarkField):
    """職場に連絡しない: 不可 or 可, ○ or ×; what cannot be read is taken for the worse, and that is said."""

    expected = _("○ か × を入れてください。それまでは「職場に連絡しない」としておきます。")

    def to_python(self, value: Any) -> Any:
        """Whether nobody may call there; raises ValidationError for another word."""
        may = _may_call(_key(value))
        return super().to_python(value) if may is None else not may


class MayContactField(MarkField):
    """職場に連絡してよいか: 可 or 不可, ○ or ×; cleans to bool, None where nothing is told."""

    expected = MustNotContactField.expected

    def to_python(self, value: Any) -> Any:
        """Whether the workplace may be called; raises ValidationError for another word."""
        key = _key(value)
        may = _may_call(key) if key else None
        return super().to_python(value) if key and may is None else may


class PaceField(forms.CharField):
    """面談の間隔 as people write it; cleans to months."""

    def to_python(self, value: Any) -> Any:
        """1 to 3; raises ValidationError naming what is read."""
        if not _key(value):
            return None
        found = words.pace_months(str(value))
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
        sums: Mapping[str, int] | None = None,
        people: Sequence[tuple[int, str, str, date]] = (),
        on_file: Callable[[], OnFile] = OnFile,
    ) -> None:
        """`categories`: by sum in yen the category of a cap, where one alone has it; `sums`: each one's.

        `on_file`: what stands on file that a line leaves out, asked once where one does.
        `people`: (who, name, kana, birth date) of those on file, where a sheet has names only.
        """
        self.categories, self.sums = categories, dict(sums or {})
        self._ask = on_file
        self._people: dict[str, dict[int, tuple[str, date]]] = {}
        for who, name, kana, born in people:
            self._people.setdefault(search_key(name), {})[who] = (kana, born)
        self._staff: dict[str, list[Membership]] = {}
        for member in staff:
            for text in (member.user.email, member.user.name):
                self._staff.setdefault(search_key(text), []).append(member)
        self._wards: dict[str, list[Municipality]] = {}
        for ward in municipalities:
            for text in {ward.full_name, ward.name, ward.code}:
                self._wards.setdefault(search_key(text), []).append(ward)

    @cached_property
    def on_file(self) -> OnFile:
        """What stands on file of the people here."""
        return self._ask()

    def named(self, name: str) -> list[tuple[str, date]]:
        """Kana and birth date of everybody on file who is called so."""
        return list(self._people.get(search_key(name), {}).values())

    def staff_choices(self) -> list[tuple[str, str]]:
        """Address and name of everybody who works here, by name."""
        every = {
            each.user.email: each.user.name for found in self._staff.values() for each in found
        }
        return sorted(every.items(), key=lambda pair: pair[1])

    def staff(self, text: str) -> Membership:
        """The member; raises ValidationError where there is none, or several."""
        found = self._staff.get(search_key(text)) or self._by_surname(text)
        if len({each.user_id for each in found}) != 1:
            names = dict.fromkeys(f"{each.user.name}（{each.user.email}）" for each in found)
            raise ValidationError(
                _("あてはまる職員が何人かいます。氏名かメールアドレスを入れてください：%(names)s")
                % {"names": "、".join(names)}
                if found
                else _("この事業所の職員に見つかりません。メールアドレスか、登録の氏名を入れてください。")
            )  # fmt: skip
        return found[0]

    def _by_surname(self, text: str) -> list[Membership]:
        """Who is called so by the first part of the name, with or without さん."""
        wanted = search_key(text.strip().removesuffix("さん").removesuffix("氏"))
        every = {each.user_id: each for found in self._staff.values() for each in found}
        return [
            each
            for each in every.values()
            if wanted and search_key(each.user.name.replace("　", " ").split(" ")[0]) == wanted
        ]

    def split(self, address: str) -> tuple[str, str] | None:
        """(municipality, what follows) of an address that begins with the name of one; None for any other.

        A prefecture before it is left out. The longest name counts: a city is no ward of it.
        """
        bare = words.without_prefecture(address)
        key = search_key(bare)
        begins = [
            name
            for name, wards in self._wards.items()
            if len(wards) == 1 and not name.isdigit() and key.startswith(name)
        ]
        if not begins:
            return None
        name = max(begins, key=len)
        ends = range(1, len(bare) + 1)
        place = next((end for end in ends if len(search_key(bare[:end])) >= len(name)), len(bare))
        return self._wards[name][0].full_name, bare[place:].strip()

    def ward(self, text: str) -> Municipality:
        """The municipality; raises ValidationError where there is none, or several."""
        found = self._wards.get(search_key(text)) or self._wards.get(
            search_key(bare_name(text)), []
        )
        if len(found) != 1:
            raise ValidationError(
                _("同じ名前の市区町村が何か所かあります。市の名前から入れてください。")
                if found
                else _unknown_words(text)
            )  # fmt: skip
        return found[0]

    def known_ward(self, code: str) -> Municipality | None:
        """The municipality with this number, where it is registered."""
        return next(iter(self._wards.get(search_key(code), [])), None)
