"""請求ファイルを作る: from closed months to bytes, who is left out, claimed once, taken back."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from billing.actions import claim_file as actions
from billing.actions import written_file
from billing.actions.claim_file import make_claim_files, record_returns, withdraw_claim_files
from billing.actions.month import close_month
from billing.kokuhoren.checker import FileCheck
from billing.kokuhoren.fields import kana_that_fits
from billing.kokuhoren.findings import Finding
from billing.models import ClaimFile, ClaimFileEntry, FeeTableRow
from billing.queries.claim_files import claim_entries, processing_month
from billing.queries.claim_statements import claim_month
from clients.models import ClientName
from plans.models import Contract
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access.test_matrix import sign_in
from tests.billing.fees import confirm, read_codes
from tests.billing.test_cap_management import made, manage
from tests.cast import ready_person


@pytest.fixture
def month(cast):
    """The month before the last: the cast's person is closed in it, with the days agreed in words."""
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    return Month.of(cast.person_month.month)


def code_of(item: str, tier: str = "", factors: str = "") -> str:
    return FeeTableRow.objects.get(item=item, tier=tier, factors=factors).code


def make(cast, month, on=None):
    return make_claim_files(
        office=cast.office, month=month, by=cast.members["billing"], at=at_noon(on or cast.today)
    )


def make_early(cast, month):
    """Made on the first of this month, so that 国保連 takes them in it and can have answered by today."""
    return make(cast, month, cast.today.replace(day=1))


def close(cast, month):
    return close_month(
        office=cast.office, month=month, by=cast.members["billing"], at=at_noon(cast.today)
    )


def lines(file: ClaimFile) -> list[str]:
    return bytes(file.content.content).decode("cp932").split("\r\n")


def one_more(cast, number="1234567892", name="後から 来た", kana="あとから きた", ward=2):
    """Another person of the office whose months are ready, decided by a ward."""
    wards, cast.wards = cast.wards, [*cast.wards[:2], cast.wards[ward], *cast.wards[3:]]
    enrolment = ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], number, name=name,
        kana=kana, birth_date=date(1991, 2, 3),
    )  # fmt: skip
    cast.wards = wards
    Contract.objects.filter(enrolment=enrolment).update(contracted_amount="23日")
    return enrolment


def test_the_cast_by_hand(cast, month):
    with connection.cursor() as cursor:  # as a real table has them: behind the frozen rows
        cursor.execute("UPDATE billing_feetablerow SET code = replace(code, 'ZZ', '47')")
    claim, records = make(cast, month)
    use = Contract.objects.get(enrolment=cast.enrolment).starts_on
    ward, processed = cast.wards[2].code, processing_month(cast.today)
    ym, day = f"{month.year}{month.month:02d}", f"{use:%Y%m%d}"
    met = month.first_day + timedelta(days=9)
    head = f"{ym},{ward},1500000001"
    person = f"{head},1234567890"
    # 2,768 units at 10.00 yen: a tenth is 2,768 yen, below the cap of 9,300.
    base, decided = code_of("base", "80"), code_of("decided")
    amount = f"{month.last_day.day}00"
    assert lines(claim) == [
        f"1,1,0,7,J11,0,1500000001,0,1,{processed.year}{processed.month:02d},",
        f"2,2,J111,01,{head},24912,1,2768,27680,24912,,2768,,,,,1,2768,27680,24912,,2768,",
        f"2,3,J111,02,{head},1,47,1,2768,27680,24912,,2768,",
        f'2,4,J121,01,{person},,"ｼｹﾝ ﾀﾛｳ",,23,1,9300,1,,,,,,,2768,27680,2768,,,,,2768,24912,,,,,,,',
        f"2,5,J121,02,{person},47,{day},,1,,",
        f"2,6,J121,03,{person},{base},2768,1,2768,",
        f"2,7,J121,04,{person},47,1,1,2768,10000,0,27680,2768,2768,2768,,,,,2768,24912,,,,,,,,,,,",
        f"2,8,J121,05,{person},{decided},{amount},{day},,1",
        "3,9",
        "",
    ]
    row = dict(enumerate(lines(records)[1].split(",")[2:], 1))
    assert (row[37], row[64], row[123], row[146], row[153]) == ("1", "", "", "", f"{met:%Y%m%d}")
    day_row = dict(enumerate(lines(records)[2].split(",")[2:], 1))
    assert (day_row[9], day_row[45]) == ("10", "1")
    assert processed == Month.parse("20" + claim.name[1:3] + "-" + claim.name[3:5])
    assert (claim.name[0], records.name[0]) == ("S", "J")
    assert claim.digest == hashlib.sha256(bytes(claim.content.content)).hexdigest()
    assert (claim.lines, claim.people, claim.total_cost_yen) == (9, 1, 27_680)
    for file in (claim, records):
        found = FileCheck(bytes(file.content.content), file.name).findings()
        assert [each for each in found if not each.is_doubt] == []


def test_a_managed_cap_and_two_municipalities(cast, month):
    later = month + 1
    manage(cast, cast.office.number, cast.office.name)
    made(cast, later, [("1_day", 80_000, 8_000)])
    one_more(cast, ward=0)
    close(cast, later)
    claim, records, caps = make(cast, later)
    assert [file.people for file in (claim, records, caps)] == [2, 2, 1]
    rows = [line.split(",") for line in lines(claim)]
    invoices = [row[5] for row in rows if row[2:4] == ["J111", "01"]]
    assert invoices == sorted([cast.wards[0].code, cast.wards[2].code])
    people = [(row[5], row[7]) for row in rows if row[2:4] == ["J121", "01"]]
    assert people == sorted(people)
    own = next(row for row in rows if row[2:4] == ["J121", "01"] and row[7] == "1234567890")
    fields = dict(enumerate(own[2:], 1))
    # The manager first: 2,918 yen of 9,300 stay here, the other office takes 6,382 of its 8,000.
    assert [fields[n] for n in (15, 16, 17, 26, 27)] == [
        cast.office.number, "3", "2918", "2918", "2918",
    ]  # fmt: skip
    sheet = [line.split(",")[2:] for line in lines(caps)[1:4]]
    assert sheet[0][9:] == ["9300", "3", "109180", "10918", "9300"]
    assert [row[6:] for row in sheet[1:]] == [
        ["1", cast.office.number, "29180", "2918", "2918"],
        ["2", "1510000001", "80000", "8000", "6382"],
    ]


@pytest.mark.parametrize(
    ("spoil", "field", "words"),
    [
        (lambda cast: Contract.objects.update(contracted_amount="必要な量"), "契約支給量", "必要な量"),
        (lambda cast: Contract.objects.update(contracted_amount=""), "契約支給量", "空欄"),
        (
            lambda cast: ClientName.objects.filter(client=cast.enrolment.client).update(kana="ヰ"),
            "支給決定者氏名カナ", "ヰ",
        ),
        (lambda cast: cast.office.terms.update(unit_price="11.000"), "地域区分", "11"),
        (
            lambda cast: cast.office.terms.update(starts_on=cast.today),
            "地域区分", "システム管理者",
        ),
        (
            lambda cast: FeeTableRow._base_manager.filter(item="decided")._raw_delete("default"),
            "決定サービスコード", "取り込み",
        ),
        (
            lambda cast: FeeTableRow._base_manager.filter(item="base", tier="80")._raw_delete("default"),
            "サービスコード", "就労定着支援サービス費",
        ),
    ],
)  # fmt: skip
def test_who_lacks_something_is_named_and_left_out(client, cast, month, spoil, field, words):
    spoil(cast)
    found = claim_month(cast.office, month, cast.today)
    assert found.people == ()
    (person,) = found.left_out
    assert person.name == "試験 太郎"
    assert field in [lack.field for lack in person.lacks]
    sign_in(client, cast, "billing")
    text = client.get(reverse("claim_export", args=[month])).content.decode()
    assert "ファイルに入らない方　1人" in text
    assert words in text
    with pytest.raises(ValidationError, match="入れられる方がいません"):
        make(cast, month)
    assert not ClaimFile.objects.exists()


def test_the_others_do_not_wait(cast, month):
    enrolment = one_more(cast)
    close(cast, month + 1)
    Contract.objects.filter(enrolment=enrolment).update(contracted_amount="?")
    claim, _records = make(cast, month + 1)
    assert [each.person_month.enrolment for each in claim.entries.all()] == [cast.enrolment]
    Contract.objects.filter(enrolment=enrolment).update(contracted_amount="10")
    second, _records = make(cast, month + 1)
    assert [each.person_month.enrolment for each in second.entries.all()] == [enrolment]
    assert (claim.number, second.number) == (1, 2)


def test_a_second_export_takes_only_the_new_ones(client, cast, month):
    later = month + 1
    close(cast, later)
    make(cast, later)
    with pytest.raises(ValidationError, match="入れられる方がいません"):
        make(cast, later)
    enrolment = one_more(cast)
    close(cast, later)
    sign_in(client, cast, "billing")
    text = client.get(reverse("claim_export", args=[later])).content.decode()
    assert "この月のファイルは、もう作ってあります" in text
    answer = client.post(reverse("claim_files_make", args=[later]))
    assert answer.status_code == 302
    newest = ClaimFile.objects.filter(family="J111").latest("number")
    assert [each.person_month.enrolment for each in newest.entries.all()] == [enrolment]


def test_withdrawn_means_claimed_anew(cast, month):
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    claim, records = make(cast, month)
    assert withdraw_claim_files(file=records, reason="not_sent", **who) == 2
    with pytest.raises(ValidationError, match="もう取り下げて"):
        withdraw_claim_files(file=claim, reason="not_sent", **who)
    again, _records = make(cast, month)
    assert (again.number, again.people) == (2, 1)
    assert ClaimFile.objects.get(pk=claim.pk).is_withdrawn


def test_only_who_was_returned_is_claimed_anew(client, cast, month):
    later = month + 1
    one_more(cast)
    close(cast, later)
    claim, records = make_early(cast, later)
    entries = claim_entries(records)
    key = next(key for key, (name, _row) in entries.items() if "後から" in name)
    sign_in(client, cast, "billing")
    url = reverse("claim_file_withdraw", args=[claim.public_id])
    assert client.post(url, {"reason": "returned"}).status_code == 422
    assert client.post(url, {"reason": "not_sent", "people": [key]}).status_code == 422
    told = {"people": [key], "returned_on": cast.today.isoformat(), f"code_{key}": "ER01"}
    assert client.post(url, {"reason": "returned", **told}).status_code == 302
    again, _records = make(cast, later)
    assert again.people == 1
    with pytest.raises(ValidationError):
        record_returns(
            entries=[entries[key][1]], by=cast.members["billing"], at=at_noon(cast.today)
        )


def test_a_long_name_is_named_and_its_optional_field_left_empty(client, cast, month):
    """Nobody is led to falsify a name, and no other name of the office is left out."""
    one_more(cast, kana="みほん はなこ")
    close(cast, month)
    names = ClientName.objects.filter(client=cast.enrolment.client)
    names.update(kana="が" * 12 + " あ")  # 26 bytes: 濁点 stand for themselves
    enter_page = reverse("claim_export", args=[month])
    sign_in(client, cast, "billing")
    text = client.get(enter_page).content.decode()
    assert "試験 太郎：ふりがなが半角で25字を超えるため" in text
    assert "2人分の請求ファイルを作る" in text
    claim, *_rest = make(cast, month)
    heads = [line.split(",") for line in lines(claim) if "J121:01" in line or ",J121,01," in line]
    assert sorted(row[9] for row in heads) == ["", '"ﾐﾎﾝ ﾊﾅｺ"']


@pytest.mark.parametrize(("kana", "is_long"), [("が" * 12 + "あ", False), ("が" * 13, True), ("ヰ" * 30, False)])  # fmt: skip
def test_a_name_of_25_bytes_stands_and_a_wrong_letter_is_no_length(kana, is_long):
    assert kana_that_fits(kana) == ("" if is_long else kana)


def test_two_at_once_give_one_file(cast, month, monkeypatch):
    make(cast, month)
    monkeypatch.setattr(actions, "next_number", lambda *_args: 1)
    monkeypatch.setattr("billing.queries.claim_rows.standing_entries", ClaimFileEntry.objects.none)
    with pytest.raises(ValidationError, match="たったいま別の人"):
        make(cast, month)
    assert ClaimFile.objects.count() == 2


def test_a_fault_of_ours_stops_the_export(client, cast, month, monkeypatch):
    class Check:
        def __init__(self, *_args):
            pass

        def findings(self):
            return [Finding(4, "給付費", "合いません。")]

    monkeypatch.setattr(written_file, "FileCheck", Check)
    sign_in(client, cast, "billing")
    answer = client.post(reverse("claim_files_make", args=[month]))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "このソフトの間違い" in text
    assert "給付費：合いません。" in text
    assert not ClaimFile.objects.exists()


def test_production_refuses_sample_codes(cast, month, settings):
    settings.MODE = "production"
    with pytest.raises(ValidationError, match="見本"):
        make(cast, month)
    assert not ClaimFile.objects.exists()


def test_handed_out_as_made_and_to_nobody_else(client, cast, month):
    claim, _records = make(cast, month)
    url = reverse("claim_file_csv", args=[claim.public_id])
    sign_in(client, cast, "billing")
    answer = client.get(url)
    assert answer.content == bytes(claim.content.content)
    assert claim.name in answer["Content-Disposition"]
    sign_in(client, cast, "outsider")
    assert client.get(url).status_code == 404
    sign_in(client, cast, "worker")
    assert client.get(url).status_code == 403


def test_a_shared_number_is_told_before(client, cast, month):
    sign_in(client, cast, "billing")
    url = reverse("claim_export", args=[month])
    assert "同じ事業所番号で" not in client.get(url).content.decode()
    cast.office.shares_number = True
    cast.office.save()
    assert "同じ事業所番号で" in client.get(url).content.decode()
    assert client.get(reverse("claim_sums_xlsx", args=[month])).status_code == 200


def test_as_many_queries_for_three_as_for_one(cast, month, django_assert_max_num_queries):
    later = month + 1
    close(cast, later)
    with django_assert_max_num_queries(40) as one:
        claim_month(cast.office, later, cast.today)
    one_more(cast)
    one_more(cast, number="1234567893", name="三人 目", kana="さんにん め")
    close(cast, later)
    with django_assert_max_num_queries(len(one)):
        assert len(claim_month(cast.office, later, cast.today).people) == 3
