"""期間 of the money statistics: the whole months that a page adds up, and the same a year before. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from teikyaku.periods import Month, fiscal_year, fiscal_year_period

YEAR = 12
# Claims can be put right for so long; older years stand in the lists of their months.
YEARS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Span:
    """Months from `first` to `last`, both included."""

    first: Month
    last: Month

    @property
    def months(self) -> tuple[Month, ...]:
        """Each of them."""
        return tuple(Month.span(self.first, self.last))

    @property
    def days(self) -> tuple[date, date]:
        """The first days of the first and the last month, as `month__range` takes them."""
        return self.first.first_day, self.last.first_day

    def later(self, months: int) -> Span:
        """As many months, so much later (earlier below 0)."""
        return Span(self.first + months, self.last + months)

    @property
    def before(self) -> Span:
        """The same months a year before."""
        return self.later(-YEAR)

    @property
    def both(self) -> Span:
        """From the first month of the year before to the last."""
        return Span(self.before.first, self.last)


def last_twelve(on: date) -> Span:
    """The twelve months before the one that holds `on`."""
    last = Month.of(on) - 1
    return Span(last - (YEAR - 1), last)


def claimed_span(span: Span, on: date) -> Span:
    """The months in which the claims of `span` are processed: each a month later.

    Of a span that reaches up to `on` also the coming month: what is made after the last day for
    claims is processed in that.
    """
    is_running = span.last == Month.of(on) - 1
    return Span(span.first + 1, span.last + (2 if is_running else 1))


def years_shown(opened_on: date, on: date) -> tuple[int, ...]:
    """The fiscal years of an office with a whole month before `on`, newest first."""
    last = (Month.of(on) - 1).fiscal_year
    first = max(last - YEARS_SHOWN + 1, fiscal_year(opened_on))
    return tuple(range(last, first - 1, -1))


def year_span(year: int, on: date) -> Span:
    """The fiscal year, up to the last whole month before `on`."""
    first = Month.of(fiscal_year_period(year).starts_on)
    return Span(first, min(first + (YEAR - 1), Month.of(on) - 1))
