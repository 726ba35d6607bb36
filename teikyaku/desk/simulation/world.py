"""The office of a simulation: its places, its staff, its answers of each year, and who is its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from billing.actions.office import confirm_tariff, confirm_tier
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import at_noon
from teikyaku.desk.demo.city import R6_ENDS
from teikyaku.desk.demo.lives import Life
from teikyaku.desk.demo.places import City, build_places
from teikyaku.periods import Month, fiscal_year

TIER = "80"
# Whoever came from paper was known before the first day.
YEARS_BEFORE = 6


@dataclass(slots=True)
class World:
    """Everything of one run. `city.today` is the day that is lived."""

    seed: int
    first: date
    city: City
    lives: dict[int, Life] = field(default_factory=dict)
    """By the key of the enrolment."""

    @property
    def office(self) -> Office:
        """The one that is lived."""
        return self.city.offices[0]

    @property
    def today(self) -> date:
        """The day that is lived."""
        return self.city.today

    def member(self, key: str) -> Membership:
        """A member of staff by the address of the demo."""
        return self.city.staff[key]

    def index(self, enrolment: int) -> int:
        """Whose it is, whatever key the database gave: dice are thrown for people."""
        return self.lives[enrolment].plan.index if enrolment in self.lives else -1

    def chance(self, *parts: object) -> Random:
        """Its own dice for each question, so that nothing depends on the order of asking."""
        return Random(f"{self.seed} {parts}")  # noqa: S311  (a story, no secret)


def build_world(seed: int, first: date) -> World:
    """Wards, offices, staff and figures as they stand on the first day; nobody has come yet."""
    began = first.replace(year=first.year - YEARS_BEFORE)
    city = build_places(first, began)
    confirm_tariff(
        tariff="R6", first_month=(R6_ENDS + 1).first_day, last_month=None,
        source="見本（模擬）：令和8年6月からも変わらないものとして確認", is_sample=True,
        by=city.staff["admin"], at=at_noon(first),
    )  # fmt: skip
    world = World(seed, first, city)
    answer_year(world, first)
    return world


def answer_year(world: World, on: date) -> None:
    """The tier of the fiscal year that holds `on`, notified on that day."""
    confirm_tier(
        office=world.office, fiscal_year=fiscal_year(on), tier=TIER, notified_on=on,
        by=world.member("head"), at=at_noon(on),
    )  # fmt: skip


def last_day(first: date, months: int) -> date:
    """The last day of so many months."""
    return (Month.of(first) + (months - 1)).last_day
