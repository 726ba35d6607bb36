"""An office in the middle of moving in: one sheet imported, a second one waits with its slips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password

from billing.actions.opening_claim import record_opening_claim
from billing.actions.opening_invoice import Before, record_opening_invoices
from clients.models import Enrolment
from plans.actions import move_in as actions
from plans.actions.move_in_store import store_move_in
from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.models import MoveIn
from plans.move_in_columns import BY_FIELD
from plans.queries.move_in import book_facts
from teikyaku.accounts.models import Membership, Office, OfficeTerms
from teikyaku.clock import at_noon, date_of
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.desk.demo.places import HEAD, MANAGER, WORKER, City, invited, member_with
from teikyaku.era import wareki_short
from teikyaku.periods import Month, last_day_of_months

OFFICE = ("1599900056", "あさひ定着支援室", "合同会社 架空あさひ")
STAFF = (
    ("asahi-head", "早川 たかし", (HEAD,)),
    ("asahi-manager", "日野 まゆ", (MANAGER, WORKER)),
    ("asahi-worker", "深沢 りく", (WORKER,)),
)
FIELDS = (
    "name", "kana", "birth_date", "phone", "disabilities", "employer", "employed_on",
    "must_not_contact", "service_kind", "service_from", "service_until", "municipality", "number",
    "granted_from", "granted_until", "cap_yen", "signed_on", "staff", "last_met_on", "pace_months",
    "plan_made_on",
)  # fmt: skip
PEOPLE = (
    ("浅田 いつき", "あさだ いつき"), ("石黒 さくら", "いしぐろ さくら"), ("梅原 なお", "うめはら なお"),
    ("岡村 ひろと", "おかむら ひろと"), ("片桐 ゆの", "かたぎり ゆの"), ("久保田 れお", "くぼた れお"),
)  # fmt: skip
# Who of them owes what of before: place, months back, yen.
OPEN_BEFORE = ((0, 3, 3_485), (0, 2, 3_485), (2, 2, 1_200))
# Whose last meeting the sheet does not tell.
UNMET = 3
LATER = (
    ("小森 あかね", "こもり あかね"),
    ("佐伯 げん", "さえき げん"),
    ("篠田 みき", "しのだ みき"),
)


def move_an_office_in(city: City) -> None:
    """The office with its staff, its first month, and two sheets."""
    head = _office(city)
    assert head.office is not None  # noqa: S101  (built as an office's member)
    at = at_noon(city.today)
    set_first_month(office=head.office, first_month=Month.of(city.today), by=head, at=at)
    record_opening_claim(
        office=head.office, month=Month.of(city.today) - 1, amount_yen=168_420, by=head, at=at
    )
    first = _hand_in(
        head, "利用者名簿.xlsx", [_line(city, n, *who) for n, who in enumerate(PEOPLE)], at
    )
    actions.confirm_move_in(move_in=first, by=head, at=at + timedelta(minutes=4))
    while actions.carry_on(
        move_in=first, reader=_reader(first, at), by=head, at=at + timedelta(minutes=5)
    ):
        pass
    _open_before(head, at + timedelta(minutes=12))
    _hand_in(head, "追加分.csv", _with_slips(city), at + timedelta(minutes=20))


def _open_before(head: Membership, at: datetime) -> None:
    """Invoices of the former program that nobody has paid yet: two months of one, a rest of another."""
    people = list(Enrolment.objects.filter(office=head.office_id).order_by("pk"))
    month = Month.of(date_of(at))
    told = [
        Before(
            enrolment=people[place], month=month - back, amount_yen=amount,
            issued_on=(month - back + 1).first_day + timedelta(days=9),
            due_on=(month - back + 1).last_day, number=f"旧{str(month - back).replace('-', '')}-{place + 1:02d}",
        )
        for place, back, amount in OPEN_BEFORE
    ]  # fmt: skip
    record_opening_invoices(told=told, by=head, at=at)


def _office(city: City) -> Membership:
    number, name, corporation = OFFICE
    began = (Month.of(city.today) - 30).first_day
    office = Office.objects.create(
        number=number, name=name, corporation=corporation, opened_on=began, postal_code="950-0005",
        address="新潟市東区架空町5丁目2-3", phone="025-000-0005",
    )  # fmt: skip
    hashed = make_password("teikyaku-demo")
    for key, who, roles in STAFF:
        city.staff[key] = member_with(key, who, hashed, roles, began, office=office)
    invited((city.staff[key] for key, _who, _roles in STAFF), city.staff["admin"], began)
    OfficeTerms.objects.create(
        office=office, starts_on=began, area_class=OfficeTerms.AreaClass.OTHER,
        unit_price=Decimal("10.00"), source="見本（デモ）", recorded_by=city.staff["admin"],
        recorded_at=at_noon(began),
    )  # fmt: skip
    return city.staff["asahi-head"]


def _hand_in(
    head: Membership, file_name: str, lines: Sequence[dict[str, Any]], at: datetime
) -> MoveIn:
    office = head.office
    assert office is not None  # noqa: S101  (as above)
    rows = [
        (number, [str(line.get(field, "")) for field in FIELDS])
        for number, line in enumerate(lines, 3)
    ]
    move_in = store_move_in(
        office=office, file_name=file_name, digest="0" * 64, sheet="",
        headings=[BY_FIELD[field].names[0] for field in FIELDS], rows=rows, by=head, at=at,
    )  # fmt: skip
    columns = {field: place for place, field in enumerate(FIELDS)}
    move_in = actions.tell_columns(move_in=move_in, columns=columns, by=head, at=at)
    while actions.look_on(move_in=move_in, reader=_reader(move_in, at), by=head, at=at):
        pass
    return move_in


def _reader(move_in: MoveIn, at: datetime) -> LineReader:
    return LineReader(move_in.columns, Book(**book_facts(move_in.office, date_of(at))))


def _line(city: City, n: int, name: str, kana: str, **changes: Any) -> dict[str, Any]:
    month = Month.of(city.today)
    employed, granted = (month - 16 - n).first_day, (month - 9 + n % 3).first_day
    found = {
        "name": name, "kana": kana, "birth_date": f"平成{n + 2}年{n + 3}月{n + 11}日",
        "phone": f"090-0000-1{n:03d}", "disabilities": ("精神", "知的", "身体・精神")[n % 3],
        "employer": ("架空製パン", "架空クリーニング", "架空物流")[n % 3], "employed_on": employed,
        "must_not_contact": "○" if n == 1 else "", "service_kind": "就労移行支援",
        "service_from": (month - 36 - n).first_day, "service_until": employed - timedelta(days=1),
        "municipality": ("新潟市東区", "新潟市中央区")[n % 2], "number": f"{1_599_000_000 + n}",
        "granted_from": wareki_short(granted), "granted_until": last_day_of_months(granted, 12),
        "cap_yen": ("9,300", "0")[n % 2], "category": "低所得", "signed_on": granted,
        "staff": ("深沢 りく", "日野 まゆ")[n % 2],
        "last_met_on": "" if n == UNMET else (month - 1).first_day + timedelta(days=4 + n),
        "pace_months": "毎月", "plan_made_on": (month - 2).first_day + timedelta(days=n),
    }  # fmt: skip
    if n % 2:
        found["cap_yen"] = ""  # 0 yen wants its category, which this sheet lacks
    return found | changes


def _with_slips(city: City) -> list[dict[str, Any]]:
    """Somebody twice, a number that is too short, a day that there is not, and one who is well."""
    first = _line(city, 0, *PEOPLE[0])
    return [
        _line(city, 6, *LATER[0]),
        _line(city, 7, *LATER[1], number="15990", birth_date="平成40年1月1日"),
        first | {"name": "浅田 樹", "number": "1599000099"},
        _line(city, 8, *LATER[2], signed_on=(Month.of(city.today) - 15).first_day),
        first,
    ]
