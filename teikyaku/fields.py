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
from django.utils.translation import gettext_lazy as _

from teikyaku.era import DateInputError, parse_date, parse_month
from teikyaku.periods import Month

DATE_HINT = _("例：2026-04-01、令和8年4月1日、R8.4.1")
MONTH_HINT = _("例：2026-04、令和8年4月")
MINUTES = 60
POSTAL_DIGITS = 7


class DateField(forms.DateField):
    """A day, typed in 西暦 or 和暦; cleans to `date`.

    Where `near` is set, a day without its year is the one nearest to it.
    """

    near: date | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", DATE_HINT)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**kwargs)

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


class YenField(forms.IntegerField):
    """Whole yen, typed with or without commas, full-width or 円; cleans to int."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", 99_999_999)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        """The sum in yen."""
        if isinstance(value, str):
            value = normal(value).replace(",", "").replace("円", "").strip()
        return super().to_python(value)


class PhoneField(forms.CharField):
    """A telephone number as people write it, normalised to half-width."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Digits, hyphens, plus and parentheses; anything else is named."""
        text = normal(super().to_python(value) or "").replace(" ", "")
        if any(char not in "0123456789-+()" for char in text):
            raise ValidationError(_("電話番号は数字とハイフンで入れてください。"), code="phone")
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
