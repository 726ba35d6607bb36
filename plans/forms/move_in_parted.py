"""移行の取込: cells that say more than their column, parted into the fields that they tell."""

from __future__ import annotations

from clients.enums import Category
from plans.forms.move_in_cells import Book
from plans.rules.move_in_jobs import in_one_line, is_second_job, jobs_in
from plans.rules.move_in_services import is_kind, kind_in, parted_days
from plans.rules.move_in_words import (
    bare_name,
    category_and_sum,
    category_word,
    managed_by,
    postal_in,
    sum_and_managed,
)


def part_cells(data: dict[str, str], book: Book) -> None:
    """Write each part at its own field; a field that has its own cell keeps it."""
    _name(data)
    _address(data, book)
    _cap(data, book)
    _employer(data)
    _service(data)
    _managed(data)
    _amount(data)


def _name(data: dict[str, str]) -> None:
    """「小林 一茶様 090-…」 is a name, and a telephone number where no other one is told."""
    data["name"], phone = bare_name(data.get("name", ""))
    data["kana"] = bare_name(data.get("kana", ""))[0]
    if phone and not data.get("phone"):
        data["phone"] = phone


def _address(data: dict[str, str], book: Book) -> None:
    """「〒950-0000 新潟市中央区架空町1-1」 in one cell is a postal code, a municipality and what follows it."""
    code, rest = postal_in(data.get("address", ""))
    if code:
        data["address"], data["postal_code"] = rest, data.get("postal_code") or code
    if data.get("lives_in") or not (found := book.split(data.get("address", ""))):
        return
    data["lives_in"], data["address"] = found


def _employer(data: dict[str, str]) -> None:
    """Of two jobs in one cell the first; a name in two lines is one name."""
    typed = data.get("employer", "")
    parts = jobs_in(typed, data.get("weekly_minutes", ""))
    data["employer"] = parts[0] if is_second_job(parts, typed) else in_one_line(typed)


def _cap(data: dict[str, str], book: Book) -> None:
    """A category in the column of the sum (生保, 一般1) says both."""
    amount, mark = sum_and_managed(data.get("cap_yen", ""))
    if amount:
        data["cap_yen"], data["is_managed"] = amount, data.get("is_managed") or mark
    word, amount = category_and_sum(data.get("cap_yen", ""))
    if word:
        data["cap_yen"], data["category"] = amount, data.get("category") or word
        return
    word = category_word(data.get("cap_yen", ""))
    category = next((value for value, label in Category.choices if str(label) == word), "")
    if word and category in book.sums:
        data["cap_yen"] = str(book.sums[category])
        data["category"] = data.get("category") or word


def _service(data: dict[str, str]) -> None:
    """「センター甲（移行）」 is an office, and the kind of its service where no other one is told."""
    for field in ("service_kind", "service_office"):
        bare, first, last = parted_days(data.get(field, ""))
        if first or last:
            data[field] = bare
            data["service_from"] = data.get("service_from") or first
            data["service_until"] = data.get("service_until") or last
    typed = data.get("service_kind", "")
    if typed and not data.get("service_office") and not is_kind(typed) and kind_in(typed)[0]:
        data["service_kind"], data["service_office"] = "", typed
    if not data.get("service_kind"):
        kind, office, is_sure = kind_in(data.get("service_office", ""))
        data["service_kind"] = kind
        data["service_office"] = office if is_sure else data.get("service_office", "")


def _managed(data: dict[str, str]) -> None:
    """「あり（みなと相談 1510000001）」 says who manages the cap too."""
    mark, name, number = managed_by(data.get("is_managed", ""))
    if mark and not data.get("managing_name"):
        data["is_managed"], data["managing_name"] = mark, name
        data["managing_number"] = data.get("managing_number") or number


def _amount(data: dict[str, str]) -> None:
    """「就労定着支援　当該月の日数」 names the service before its amount, as the certificate does."""
    data["amount"] = data.get("amount", "").strip().removeprefix("就労定着支援").strip(" 　\n:：")
