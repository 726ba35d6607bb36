"""上限額管理 of two people of two municipalities in one month, both ways, up to the files and papers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse

from billing.actions.claim_file import make_claim_files
from billing.kokuhoren.checker import FileCheck
from billing.models import ClaimFile, PersonMonth
from billing.rules.cap_management import Rank
from clients.models import Enrolment
from plans.models import Contract
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import who
from tests.billing.fees import confirm, read_codes
from tests.billing.test_cap_management import answered, close, made, manage
from tests.billing.test_corrections_without_yen import lines_of, real_codes
from tests.cast import meet, report, start_use, take_in, transcribe
from tests.printing.test_documents import needs_pdftotext, text_of

NUMBERS = ("1234567890", "2234567890")


@dataclass
class Person:
    """One enrolment of the cast's office, as the helpers of cap management take it."""

    cast: object
    enrolment: Enrolment

    def __getattr__(self, name):
        return getattr(self.cast, name)


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


@pytest.fixture
def pair(cast, month):
    """The cast's own person, of one ward, and a neighbour of another; both served last month."""
    worker = cast.members["worker"]
    other = take_in(
        cast.office, worker, (month - 12).first_day, name="隣 さくら", kana="となり さくら"
    )
    first = (month - 2).first_day
    transcribe(other, cast.wards[0], worker, NUMBERS[1], first)
    start_use(other, worker, cast.members["manager"], first)
    day = month.first_day.replace(day=10)
    meet(other, worker, day)
    report(other, worker, day)
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, (month - 24).first_day, (month + 12).first_day))
    real_codes()
    return Person(cast, cast.enrolment), Person(cast, other)


def claimed(cast, month):
    close(cast, month)
    make_claim_files(office=cast.office, month=month, **who(cast))
    files = {file.family: file for file in ClaimFile.objects.filter(month=month.first_day)}
    for file in files.values():
        found = FileCheck(bytes(file.content.content), file.name).findings()
        assert [each for each in found if not each.is_doubt] == []
    return files


def test_managed_here_each_sheet_goes_to_its_own_municipality(client, cast, month, pair):
    for person in pair:
        manage(person, cast.office.number, cast.office.name)
        made(person, month, [(Rank.DAY.value, 90_000, 9_000)])
    files = claimed(cast, month)
    heads = {line[6]: line for line in lines_of(files["J411"], "J411:01")}
    assert set(heads) == set(NUMBERS)
    codes = [heads[number][4] for number in NUMBERS]
    assert codes == [cast.wards[2].code, cast.wards[0].code]
    # 2,768 and 150 units for managing: 2,918 yen; of the cap of 9,300 yen the other office keeps 6,382.
    for number, code in zip(NUMBERS, codes, strict=True):
        own = [line for line in lines_of(files["J411"], "J411:02") if line[5] == number]
        assert [line[3] for line in own] == [code, code]
        assert [line[-3:] for line in own] == [
            ["29180", "2918", "2918"], ["90000", "9000", "6382"],
        ]  # fmt: skip
    enter(client, cast.members["billing"])
    for row in PersonMonth.objects.filter(month=month.first_day):
        assert (row.copayment_yen, row.benefit_yen) == (2_918, 26_262)


@needs_pdftotext
def test_the_paper_of_each_names_its_municipality(client, cast, month, pair):
    enter(client, cast.members["billing"])
    for person, ward in zip(pair, (2, 0), strict=True):
        manage(person, cast.office.number, cast.office.name)
        sheet = made(person, month, [(Rank.DAY.value, 90_000, 9_000)])
        paper = text_of(client.get(reverse("cap_sheet_pdf", args=[sheet.public_id])).content)
        assert cast.wards[ward].full_name in paper
        assert "6,382円" in paper
        assert "118,180" not in paper


def test_managed_elsewhere_each_follows_its_own_answer(client, cast, month, pair):
    for person, after in zip(pair, (1_000, 0), strict=True):
        manage(person)
        answered(person, month, outcome="3" if after else "1", after=after)
    files = claimed(cast, month)
    assert "J411" not in files
    heads = {line[5]: line for line in lines_of(files["J111"], "J121:01")}
    assert set(heads) == set(NUMBERS)
    for number, ward, after in zip(NUMBERS, (2, 0), ("1000", "0"), strict=True):
        assert heads[number][3] == cast.wards[ward].code
        assert after in heads[number]
    # One 請求書 for each of the municipalities.
    assert len(lines_of(files["J111"], "J111:01")) == 2
