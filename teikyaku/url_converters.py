"""What stands in an address and is more than text: `<month:month>` is a Month."""

from __future__ import annotations

from teikyaku.periods import Month


class MonthConverter:
    """2026-04; anything else is no such page."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> Month:
        """The month. Raises ValueError, which Django answers with 404."""
        return Month.parse(value)

    def to_url(self, value: Month | str) -> str:
        """2026-04."""
        return str(value)
