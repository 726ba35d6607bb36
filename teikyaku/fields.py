"""Form fields that accept what people type: both calendars, full-width digits, hyphens and blanks.

Each cleans to a domain type and answers in Japanese at its own field.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from teikyaku.era import DateInputError, parse_date, parse_month
from teikyaku.periods import Month

DATE_HINT = _("例：2026-04-01、令和8年4月1日、R8.4.1")
NEAR_HINT = _("例：12/10、2026-12-10、令和8年12月10日")
MONTH_HINT = _("例：2026-04、令和8年4月")
# Nobody on file was born before; a year before it is a slip.
EARLIEST_BIRTH = date(1900, 1, 1)
# The days of a field lie within half a year of today, are past or are still to come: so many days from
# today lies the middle of the year in which a day without its year is looked for.
NEAR, PAST, AHEAD = 0, -150, 150
MINUTES = 60
POSTAL_DIGITS = 7
# Digits of a sum that is above every limit.
LONGEST_SUM = 15


class DateField(forms.DateField):
    """A day, typed in 西暦 or 和暦; cleans to `date`.

    Where `near` is set, a day without its year is the one nearest to it. `earliest` is the first day
    that can be meant. `around` (NEAR, PAST, AHEAD) says that the days lie close to today, `offers`
    which of them stand beside the field, as days from today; `near_days` turns both into dates.
    """

    def __init__(
        self,
        *,
        earliest: date | None = None,
        around: int | None = None,
        offers: tuple[int, ...] | None = None,
        **kwargs: Any,
    ) -> None:
        self.earliest, self.around, self.offers = earliest, around, offers
        self._near: date | None = None
        kwargs.setdefault("help_text", DATE_HINT)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**kwargs)

    @property
    def near(self) -> date | None:
        """The day to which one without its year is nearest; None where the year is asked for."""
        return self._near

    @near.setter
    def near(self, day: date | None) -> None:
        self._near = day
        if day is not None and self.help_text == DATE_HINT:
            self.help_text = NEAR_HINT

    def to_python(self, value: Any) -> date | None:
        """The day that was typed; raises ValidationError saying which forms are read."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value), self.near)
        except DateInputError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: Any) -> None:
        """Nothing before `earliest`."""
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise ValidationError(
                _("%(year)d年より前の日付です。年を確かめてください。"),
                code="too_early",
                params={"year": self.earliest.year},
            )

    def prepare_value(self, value: Any) -> Any:
        """ISO for a stored day; what was typed stays as it was typed."""
        return value.isoformat() if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare days, not spellings."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class MonthField(forms.Field):
    """A month, typed in 西暦 or 和暦; cleans to the first day of the month."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", MONTH_HINT)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The first day of the month that was typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return Month.of(value).first_day
        try:
            return parse_month(str(value)).first_day
        except DateInputError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """2026-04 for a stored month; what was typed stays."""
        return str(Month.of(value)) if isinstance(value, date) else value


class DigitsField(forms.CharField):
    """A number kept as text, of exactly `length` digits; full-width and hyphens are accepted."""

    def __init__(self, *, length: int, **kwargs: Any) -> None:
        self.length = length
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Digits only; raises ValidationError naming how many there are and how many are wanted."""
        text = super().to_python(value)
        if not text:
            return ""
        digits = normal(text).replace("-", "").replace(" ", "")
        if not digits.isascii() or not digits.isdigit():
            raise ValidationError(_("数字だけで入れてください。"), code="digits")
        if len(digits) != self.length:
            raise ValidationError(
                _("%(wanted)d桁の数字です（いま%(got)d桁）。"),
                code="length",
                params={"wanted": self.length, "got": len(digits)},
            )
        return digits


class KanaField(forms.CharField):
    """ふりがな in hiragana or katakana (half-width too), with ー, ・ and blanks.

    Kept as typed, but for a hyphen in place of ー. Lists sort and people search by it, so nothing
    else is taken.
    """

    _OTHER = re.compile(r"[^ぁ-ゖゝゞァ-ヺヽヾー・\s]")
    _DASHES = str.maketrans(dict.fromkeys("-‐‑‒–—―−－", "ー"))

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("ふりがな"))
        kwargs.setdefault("max_length", 120)
        kwargs.setdefault("help_text", _("ひらがな・カタカナのどちらでも"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The reading; raises ValidationError naming the characters that are no kana."""
        text = (super().to_python(value) or "").translate(self._DASHES)
        # NFKC joins half-width kana with their marks (ｶﾞ) before they are looked at.
        others = self._OTHER.findall(unicodedata.normalize("NFKC", text))
        if others:
            raise ValidationError(
                _("ふりがなは、ひらがなかカタカナで入れてください（「%(others)s」は使えません）。"),
                code="kana",
                params={"others": self._named(others)},
            )
        return text

    @staticmethod
    def _named(others: list[str]) -> str:
        """Letters and digits by their kind (their first ones read like a word that nobody typed)."""
        letters = any(mark.isascii() and mark.isalpha() for mark in others)
        digits = any(mark.isdigit() for mark in others)
        rest = [
            mark
            for mark in others
            if not mark.isdigit() and not (mark.isascii() and mark.isalpha())
        ]
        signs = "".join(mark for mark in dict.fromkeys(rest) if not mark.isalnum())[:20]
        named = (
            _("英字") if letters else "",
            _("数字") if digits else "",
            "".join(mark for mark in dict.fromkeys(rest) if mark.isalnum())[:20],
            _("記号（%(signs)s）") % {"signs": signs} if signs else "",
        )
        return "・".join(filter(None, map(str, named)))


class YenField(forms.IntegerField):
    """Whole yen, typed with or without commas, full-width, with ¥ or 円; cleans to int."""

    default_error_messages = {
        "invalid": _("金額を、円の数字だけで入れてください。例：12,345"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", 99_999_999)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)
        for limit, words in (
            ("min_value", _("{}円以上で入れてください。")),
            ("max_value", _("{}円までで入れてください。")),
        ):
            self.error_messages[limit] = format_lazy(words, f"{getattr(self, limit):,}")

    def to_python(self, value: Any) -> int | None:
        """The sum in yen."""
        if isinstance(value, str):
            value = normal(value).translate({ord(mark): None for mark in ",¥\\円 "})
            # As sheets of accounts write what is below zero.
            value = value.replace("△", "-").replace("▲", "-")
            # Python reads no number of thousands of digits: still one, and too large.
            if re.fullmatch(r"[0-9]+", value) and len(value) > LONGEST_SUM:
                raise ValidationError(self.error_messages["max_value"], code="max_value")
            if re.fullmatch(r"-[0-9]+", value) and len(value) > LONGEST_SUM:
                raise ValidationError(self.error_messages["min_value"], code="min_value")
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        """No sum below zero, where nothing below zero is asked for."""
        super().validate(value)
        least: Any = self.min_value
        if value is not None and value < 0 <= least:
            message = _("マイナスの金額は入れられません。0円以上で入れてください。")
            raise ValidationError(message, code="negative")


class CountField(forms.IntegerField):
    """A number of things, typed with or without commas, full-width too; cleans to int."""

    default_error_messages = {"invalid": _("数字だけで入れてください。例：1,234")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        """The number."""
        if isinstance(value, str):
            value = normal(value).translate({ord(mark): None for mark in ", "})
            if len(value) > LONGEST_SUM:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class PhoneField(forms.CharField):
    """A telephone number as people write it, normalised to half-width.

    Of this country with its area code (10 or 11 digits from 0), or of another from + on (E.164).
    """

    DIGITS = (10, 11)
    ABROAD = range(8, 16)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The number with its hyphens; raises ValidationError saying what is missing."""
        text = normal(super().to_python(value) or "").replace(" ", "")
        digits = re.sub(r"[-()]", "", text)
        if not text:
            return ""
        if not re.fullmatch(r"\+?[0-9]+", digits):
            raise ValidationError(_("電話番号は数字とハイフンで入れてください。"), code="phone")
        if digits.startswith("+"):
            if len(digits) - 1 not in self.ABROAD:
                message = _("外国の番号は、＋と国番号から8〜15桁で入れてください。")
                raise ValidationError(message, code="phone_abroad")
        elif len(digits) not in self.DIGITS or digits[0] != "0":
            raise ValidationError(
                _("市外局番の0から、10桁か11桁で入れてください（いま%(got)d桁）。例：025-000-0000"),
                code="phone_length",
                params={"got": len(digits)},
            )
        return text


class PostalCodeField(forms.CharField):
    """郵便番号, with or without hyphen and 〒, full-width too; cleans to 950-0000."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("例：950-0000"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        kwargs["max_length"] = 20
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Seven digits with a hyphen after the third."""
        text = normal(super().to_python(value) or "").replace("〒", "").replace(" ", "")
        digits = text.replace("-", "")
        if not text:
            return ""
        if len(digits) != POSTAL_DIGITS or not (digits.isascii() and digits.isdigit()):
            raise ValidationError(_("郵便番号は数字7桁です。例：950-0000"), code="postal_code")
        return f"{digits[:3]}-{digits[3:]}"


def normal(text: str) -> str:
    """NFKC, with every kind of dash as a hyphen."""
    folded = unicodedata.normalize("NFKC", text)
    return folded.translate({ord(dash): "-" for dash in "‐‑‒–—―−ー"})


class WorkingHoursField(forms.CharField):
    """Hours as people say them (30, 30.5, 30:15, 30時間15分); cleaned to whole minutes.

    `longest` hours are the limit. None for an empty answer.
    """

    _TYPED = re.compile(r"^(\d{1,3})(?:\.(\d{1,2})|[:時]間?(?:(\d{1,2})分?)?|時間)?$")

    def __init__(self, *, longest: int = 100, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("例：30、30.5、30時間15分"))
        super().__init__(**kwargs)
        self.longest = longest

    def prepare_value(self, value: Any) -> Any:
        """Minutes on file as hours."""
        if not isinstance(value, int):
            return value
        hours, minutes = divmod(value, MINUTES)
        return f"{hours}:{minutes:02d}" if minutes else str(hours)

    def to_python(self, value: Any) -> Any:
        """Minutes. Raises ValidationError for what is no number of hours."""
        text = unicodedata.normalize("NFKC", str(value or "")).replace(" ", "")
        if not text:
            return None
        match = self._TYPED.match(text)
        if match is None:
            raise forms.ValidationError(_("時間で入れてください。例：30、30.5、30時間15分"))
        hours, decimal, minutes = match.groups()
        total = int(hours) * MINUTES + int(minutes or 0)
        total += round(Decimal(f"0.{decimal}") * MINUTES) if decimal else 0
        if int(minutes or 0) >= MINUTES or not 0 < total <= self.longest * MINUTES:
            message = _("0より長く、%(n)s時間までで入れてください。") % {"n": self.longest}
            raise forms.ValidationError(message)
        return total

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as minutes."""
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True
