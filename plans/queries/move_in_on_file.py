"""移行の取込: what stands on file of people here that a later sheet leaves out: whose number, which category of 0 yen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from clients.models import ClientName, Enrolment, RecipientNumber
from clients.rules.names import search_key
from plans.models import CapPeriod
from teikyaku.accounts.models import Office


@dataclass(frozen=True, slots=True)
class OnFile:
    """登録にあること of the people of an office, as lines name them."""

    places: Mapping[tuple[str, date], set[str]] = field(default_factory=dict)
    """By certificate number and birth date the codes of the municipalities that gave it."""
    zeros: Mapping[tuple[str, date], set[str]] = field(default_factory=dict)
    """By kana and birth date the categories of the last caps of 0 yen."""

    def place(self, number: str, born: date | None) -> str:
        """The code of the one municipality; "" where it is not known, or several are."""
        return _only(self.places.get((number, born), set())) if born else ""

    def zero(self, kana: str, born: date | None) -> str:
        """The category; "" where it is not known, or two people are called so."""
        return _only(self.zeros.get((search_key(kana), born), set())) if born else ""


def on_file(office: Office, on: date) -> OnFile:
    """Of everybody with whom the office works, or has worked (three queries)."""
    here = Enrolment.objects.filter(office=office, starts_on__lte=on).values("client")
    places: dict[tuple[str, date], set[str]] = {}
    numbers = RecipientNumber.objects.filter(client__in=here)
    for number, born, code in numbers.values_list(
        "number", "client__birth_date", "municipality__code"
    ):
        places.setdefault((number, born), set()).add(code)
    caps = CapPeriod.objects.filter(client__in=here, cap_yen=0).order_by("first_month")
    last = dict(caps.values_list("client", "category"))
    zeros: dict[tuple[str, date], set[str]] = {}
    names = ClientName.objects.filter(client__in=here)
    for client, kana, born in names.values_list("client", "kana", "client__birth_date"):
        # Of two who are called so and born on one day, of whom one has none, nobody is meant.
        zeros.setdefault((search_key(kana), born), set()).add(last.get(client, f"none of {client}"))
    return OnFile(places, {key: found for key, found in zeros.items() if found & {*last.values()}})


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""
