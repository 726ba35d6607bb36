"""The ward's July in the demo: caps that ran to June, some reviewed, and a file of the core system."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from clients.actions.employment import employer_named
from clients.actions.facts import succeed_fact
from clients.models import Client, HouseholdFact
from clients.queries.subject import names_of
from clients.rules.cap import cap_months, first_month_of, review_year, reviewed_months
from clients.rules.kinds import Category
from plans.actions import application as applications
from plans.actions import certificate as certificates
from plans.actions import life_change
from plans.actions.core_upload import store_upload
from plans.actions.income_review import review_cap
from plans.actions.receive import receive_from_person
from plans.forms.core_upload import COLUMNS, LABELS, UploadForm
from plans.models import Application, CapPeriod, Decision, ServiceUsePlan
from plans.rules.decision import longest_decision
from teikyaku.clock import at_noon
from teikyaku.desk.demo.names import FAMILIES, GIVEN
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month, Period, months_later

OFFICER = "chuo"
PEOPLE = 16
# The last ones of them were reviewed in June, where June is over.
REVIEWED_FROM = 12
MONTHS = 12
YEN = {Category.LOW_INCOME: 0, Category.GENERAL_1: 9300, Category.GENERAL_2: 37200}
# What was decided, and what this year's tax says: kept, risen, fallen.
HOUSEHOLDS = (
    (Category.LOW_INCOME, False, None),
    (Category.LOW_INCOME, True, 52_000),
    (Category.GENERAL_1, True, 61_000),
    (Category.GENERAL_2, True, 148_000),
    (Category.GENERAL_1, True, 171_000),
)


def review_caps_and_files(city: City) -> None:
    """Sixteen people of 中央区 before their July, and one file that waits to be looked at."""
    people = [_person(city, index) for index in range(PEOPLE)]
    year = review_year(city.today)
    june = (first_month_of(year) - 1).first_day.replace(day=20)
    for index, client in enumerate(people):
        asked_on = min(june, city.today)
        if index % 4 != 3:  # noqa: PLR2004
            _asked_again(city, client, index, first_month_of(year), asked_on)
        if index >= REVIEWED_FROM and june <= city.today:
            _review(city, client, index, year, june)
    _hand_in(city, people[:8])


def _days(city: City) -> tuple[date, date]:
    """When the decisions begin: in the tax year before the review, so that they reach into July."""
    year = review_year(city.today)
    first = (first_month_of(year) - 6).first_day
    if first > city.today - timedelta(days=40):
        first = (Month.of(city.today) - 5).first_day
    return first, months_later(first, -9)


def _person(city: City, index: int) -> Client:
    starts_on, employed_on = _days(city)
    starts_on += timedelta(days=index % 3 * 7)
    family, given = FAMILIES[(index * 3 + 5) % len(FAMILIES)], GIVEN[(index * 5 + 2) % len(GIVEN)]
    days = [starts_on - timedelta(days=back) for back in (50, 40, 30, 20)]
    officer = city.staff[OFFICER]
    application = receive_from_person(
        known=None, name=f"{family[0]}　{given[0]}", kana=f"{family[1]}　{given[1]}",
        birth_date=date(1984 + index, 3 + index % 8, 5 + index), address=f"架空町{index + 1}-7",
        municipality=city.wards[2], kind=Application.Kind.NEW, received_on=days[0],
        received_place=Application.Place.WARD_OFFICE, handed_in_by="", by=officer,
        at=at_noon(days[0]),
    )  # fmt: skip
    client = application.client
    who: dict[str, Any] = {"by": officer, "at": at_noon(days[1])}
    life_change.add_prior_service(
        client=client, kind="transition", office_name="架空就労移行支援センター",
        starts_on=employed_on - timedelta(days=420), ends_on=employed_on - timedelta(days=1), **who,
    )  # fmt: skip
    life_change.add_employment(
        client=client, employer=employer_named(name="架空物流"), kind="ordinary",
        starts_on=employed_on, **who,
    )  # fmt: skip
    category, _is_taxed, _levy = HOUSEHOLDS[index % len(HOUSEHOLDS)]
    _household(
        client, category != Category.LOW_INCOME, _old_levy(category), Month.of(starts_on), who
    )
    _granted(city, application, index, starts_on, days)
    _planned(city, application, index, days[3] + timedelta(days=10))
    return client


def _old_levy(category: Category) -> int | None:
    return {Category.GENERAL_1: 48_000, Category.GENERAL_2: 190_000}.get(category)


def _household(
    client: Client, is_taxed: bool, levy: int | None, month: Month, who: dict[str, Any]
) -> None:
    row = HouseholdFact(
        client=client, first_month=month.first_day, receives_public_assistance=False,
        is_taxed=is_taxed, has_spouse=False, income_levy_yen=levy, lives_in_group_home=False,
        is_in_facility=False,
    )  # fmt: skip
    succeed_fact(
        row, siblings=client.household_facts.all(), verb="household_recorded",
        starts="first_month", ends="last_month", **who,
    )  # fmt: skip


def _granted(
    city: City, application: Application, index: int, starts_on: date, days: list[date]
) -> None:
    officer, category = city.staff[OFFICER], HOUSEHOLDS[index % len(HOUSEHOLDS)][0]
    applications.record_survey(
        application=application, held_on=days[1], held_by=officer.user.name,
        difficulties="職場での困りごとを自分から言い出しにくい。", by=officer, at=at_noon(days[1]),
    )  # fmt: skip
    applications.receive_plan(
        application=application, stage=ServiceUsePlan.Stage.PROPOSED,
        author=ServiceUsePlan.Author.CONSULTATION,
        organisation=city.consultation[index % len(city.consultation)], received_on=days[2],
        monitoring_months=3, by=officer, at=at_noon(days[2]),
    )  # fmt: skip
    months = cap_months(starts_on)
    ends_on = longest_decision(starts_on, None, MONTHS).ends_on
    is_managed = index % 7 == 3 and YEN[category] > 0  # noqa: PLR2004
    certificates.grant_decision(
        application=application,
        grant=certificates.Grant(days[3], starts_on, ends_on, "当該月の日数"),
        paper=certificates.Paper(
            f"91{index:08d}", days[3], starts_on,
            consultation_office=city.consultation[index % len(city.consultation)],
            monitoring_months=3,
        ),
        cap=certificates.Cap(
            months.first_month.first_day, months.last_month.first_day, category.value,
            YEN[category], is_managed, "1510000001" if is_managed else "",
            "架空グループホーム" if is_managed else "",
        ),
        by=officer, at=at_noon(days[3]),
    )  # fmt: skip


def _planned(city: City, application: Application, index: int, received_on: date) -> None:
    """The final plan follows the decision; of a few it is late."""
    if received_on > city.today or index % 9 == 4:  # noqa: PLR2004
        return
    applications.receive_plan(
        application=application, stage=ServiceUsePlan.Stage.FINAL,
        author=ServiceUsePlan.Author.CONSULTATION,
        organisation=city.consultation[index % len(city.consultation)], received_on=received_on,
        monitoring_months=3, by=city.staff[OFFICER], at=at_noon(received_on),
    )  # fmt: skip


def _asked_again(city: City, client: Client, index: int, july: Month, asked_on: date) -> None:
    """The household of this year's tax; of one in four it is still to be asked."""
    _category, is_taxed, levy = HOUSEHOLDS[index % len(HOUSEHOLDS)]
    who = {"by": city.staff[OFFICER], "at": at_noon(asked_on)}
    _household(client, is_taxed, levy, july, who)


def _review(city: City, client: Client, index: int, year: int, day: date) -> None:
    cap = CapPeriod.objects.get(client=client)
    decision = Decision.objects.get(client=client)
    months = reviewed_months(year, Period(decision.starts_on, decision.ends_on))
    if months is None:
        return
    is_judged = index % 2 == 0
    category = Category.LOW_INCOME if is_judged else HOUSEHOLDS[index % len(HOUSEHOLDS)][0]
    new = certificates.Cap(
        months.first_month.first_day, months.last_month.first_day, category.value, YEN[category],
        category_reason="年度の途中で税が更正されたため。",
    )  # fmt: skip
    review_cap(cap=cap, months=months, new=new, by=city.staff[OFFICER], at=at_noon(day))


def _hand_in(city: City, people: list[Client]) -> None:
    """A file with every kind of line: the same, changed, and four ways to be wrong."""
    names = names_of([client.pk for client in people], city.today)
    rows = []
    for index, client in enumerate(people):
        decision = Decision.objects.get(client=client)
        cap = CapPeriod.objects.filter(client=client).earliest("first_month")
        row = {
            "number": f"91{index:08d}", "kana": names[client.pk].kana,
            "birth_date": client.birth_date.isoformat(), "starts_on": decision.starts_on.isoformat(),
            "ends_on": decision.ends_on.isoformat(), "cap_yen": f"{cap.cap_yen:,}",
            "cap_first_month": str(Month.of(cap.first_month)),
            "cap_last_month": str(Month.of(cap.last_month or cap.first_month)),
            "category": cap.get_category_display(),
        }  # fmt: skip
        rows.append(
            row | _twist(index, Month.of(cap.last_month or cap.first_month), decision, city)
        )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.names[0] for column in COLUMNS])
    writer.writerows([row.get(column.field, "") for column in COLUMNS] for row in rows)
    files: Any = {"file": SimpleUploadedFile("core.csv", text.getvalue().encode())}
    form = UploadForm({}, files)
    if not form.is_valid():
        raise ValueError(form.errors)
    store_upload(
        municipality=city.wards[2], lines=form.lines(), labels=LABELS, by=city.staff[OFFICER],
        at=at_noon(city.today),
    )  # fmt: skip


def _twist(index: int, june: Month, decision: Decision, city: City) -> dict[str, str]:
    next_cap = {
        "cap_first_month": str(june + 1), "cap_last_month": str(Month.of(decision.ends_on)),
        "cap_yen": "9300", "category": "一般1", "category_reason": "基幹システムの税情報による",
        "issued_on": city.today.isoformat(),
    }  # fmt: skip
    return {
        2: next_cap, 3: next_cap, 4: {"birth_date": "昭和60年2月30日"}, 5: {"kana": "ベツノ ヒト"},
        6: {"number": "9199999999"}, 7: {"cap_yen": "99,999"},
    }.get(index, {})  # fmt: skip
