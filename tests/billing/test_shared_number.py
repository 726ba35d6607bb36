"""A number that several services share: chosen before the export, one J111 or none, and no names where wanted."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from billing.actions.claim_file import make_claim_files, record_returns, withdraw_claim_files
from billing.actions.claim_setting import (
    choose_claim_way,
    correct_other_sum,
    record_other_sum,
    remove_other_sum,
)
from billing.actions.month import close_month
from billing.kokuhoren.checker import FileCheck
from billing.models import ClaimFile, ClaimSetting, OtherServiceSum
from billing.queries.claim_files import unclaimed_months
from clients.models import ClientName
from plans.models import Contract
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access.test_matrix import sign_in
from tests.billing.fees import confirm, read_codes
from tests.lists.test_queries import add_people


@pytest.fixture
def month(cast):
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    with connection.cursor() as cursor:  # as a real table has them: behind the frozen rows
        cursor.execute("UPDATE billing_feetablerow SET code = replace(code, 'ZZ', '47')")
    cast.office.shares_number = True
    cast.office.save()
    return Month.of(cast.person_month.month)


def who(cast):
    return {"by": cast.members["billing"], "at": at_noon(cast.today)}


def choose(cast, way, *, omits_names=False):
    return choose_claim_way(
        office=cast.office, invoice_way=way, omits_names=omits_names, **who(cast)
    )


def others(cast, month, **changes):
    sums = {
        "municipality": cast.wards[2], "service_type": "43", "count": 3, "units": 40_000,
        "total_cost_yen": 400_000, "benefit_yen": 390_000, "copayment_yen": 10_000, **changes,
    }  # fmt: skip
    return record_other_sum(office=cast.office, month=month, **sums, **who(cast))


def make(cast, month):
    return make_claim_files(office=cast.office, month=month, **who(cast))


def rows(file, key):
    lines = bytes(file.content.content).decode("cp932").split("\r\n")
    found = [line.split(",")[2:] for line in lines]
    return [row for row in found if row[:2] == key.split(":")]


def faults(file):
    found = FileCheck(bytes(file.content.content), file.name).findings()
    return [each for each in found if not each.is_doubt]


def test_nothing_is_made_before_the_choice(client, cast, month):
    with pytest.raises(ValidationError, match="先に「請求ファイルの作り方」"):
        make(cast, month)
    sign_in(client, cast, "billing")
    page = client.get(reverse("claim_export", args=[month])).content.decode()
    assert "先に選んでください" in page
    assert reverse("claim_files_make", args=[month]) not in page


def test_all_services_stand_in_one_invoice(cast, month):
    choose(cast, "together")
    others(cast, month)
    others(cast, month, service_type="45", count=1, units=500, total_cost_yen=5_000,
           benefit_yen=4_500, copayment_yen=200, subsidy_yen=300)  # fmt: skip
    others(cast, month, municipality=cast.wards[0])  # nobody of 47 there: not in this file
    claim, _records = make(cast, month)
    (head,) = rows(claim, "J111:01")
    # 27,680 + 400,000 + 5,000; 24,912 + 390,000 + 4,500; 2,768 + 10,000 + 200; a subsidy of 300.
    assert head[5:13] == ["419712", "5", "43268", "432680", "419412", "", "12968", "300"]
    assert head[16:23] == ["5", "43268", "432680", "419412", "", "12968", "300"]
    parts = [(row[6], row[7], row[9], row[12], row[13]) for row in rows(claim, "J111:02")]
    assert parts == [
        ("43", "3", "400000", "10000", ""), ("45", "1", "5000", "200", "300"),
        ("47", "1", "27680", "2768", ""),
    ]  # fmt: skip
    assert len(rows(claim, "J121:01")) == 1
    assert faults(claim) == []


def test_a_municipality_without_other_sums_is_asked_about_once(client, cast, month):
    choose(cast, "together")
    others(cast, month, municipality=cast.wards[0])
    name = cast.wards[2].full_name
    with pytest.raises(ValidationError, match=name):
        make(cast, month)
    sign_in(client, cast, "billing")
    url = reverse("claim_files_make", args=[month])
    assert client.post(url)["Location"] == url
    page = client.get(url).content.decode()
    assert name in page
    assert cast.wards[0].full_name not in page
    assert f"{reverse('other_sum_new', args=[month])}?municipality={cast.wards[2].code}" in page
    assert not ClaimFile.objects.exists()
    # Pressed again without an answer: asked again, nothing made.
    assert client.post(url, {"seen": cast.wards[2].code}).status_code == 422
    client.post(url, {"seen": "000000", "way": "alone"})  # said of others than are asked about
    assert not ClaimFile.objects.exists()
    client.post(url, {"seen": cast.wards[2].code, "way": "alone"})
    claim = ClaimFile.objects.get(family="J111")
    assert [row[6] for row in rows(claim, "J111:01")] == ["1"]
    assert client.get(url)["Location"] == reverse("claim_export", args=[month])


def test_sums_that_were_asked_for_lead_back_to_the_files(client, cast, month):
    choose(cast, "together")
    sign_in(client, cast, "billing")
    url = reverse("other_sum_new", args=[month]) + f"?municipality={cast.wards[2].code}"
    page = client.get(url)
    assert page.context["form"].initial["municipality"] == cast.wards[2]
    sums = {"municipality": cast.wards[2].pk, "service_type": "43", "count": "３",
            "units": "４０，０００", "total_cost_yen": 400_000, "benefit_yen": 390_000,
            "copayment_yen": 10_000}  # fmt: skip
    # Typed in any width; letters are told, not lost.
    answer = client.post(url, {**sums, "count": "三件"})
    assert 'value="三件"' in answer.content.decode()
    assert list(answer.context["form"].errors) == ["count"]
    make_url = reverse("claim_files_make", args=[month])
    assert client.post(url, sums)["Location"] == make_url
    assert OtherServiceSum.objects.values_list("count", "units").get() == (3, 40_000)
    # Nothing is left to ask: from there to the month's files.
    assert client.get(make_url)["Location"] == reverse("claim_export", args=[month])
    assert client.get(url.replace(cast.wards[2].code, "%00nonsense")).status_code == 200


def test_this_once_without_an_invoice(client, cast, month):
    choose(cast, "together")
    sign_in(client, cast, "billing")
    url = reverse("claim_files_make", args=[month])
    client.post(url, {"seen": cast.wards[2].code, "way": "apart"})
    claim = ClaimFile.objects.get(family="J111")
    assert rows(claim, "J111:01") == []
    assert len(rows(claim, "J121:01")) == 1
    assert ClaimSetting.objects.get().invoice_way == "together"


def test_a_second_file_does_not_ask_for_them_again(cast, month):
    choose(cast, "together")
    others(cast, month)
    first, _records = make(cast, month)
    withdraw_claim_files(file=first, reason="not_sent", **who(cast))
    again, _records = make(cast, month)
    assert rows(again, "J111:01")[0][6] == "4"


def one_more(cast, month):
    """Somebody else of the same municipality, closed after the files were made."""
    add_people(cast, 1)
    Contract.objects.update(contracted_amount="当該月の日数")
    close_month(office=cast.office, month=month, **who(cast))


def test_a_further_invoice_of_the_municipality_is_asked_about_too(client, cast, month):
    month = month + 1
    choose(cast, "together")
    others(cast, month)
    close_month(office=cast.office, month=month, **who(cast))
    first, _records = make(cast, month)
    one_more(cast, month)
    with pytest.raises(ValidationError, match="もう一つできます"):
        make(cast, month)
    sign_in(client, cast, "billing")
    url = reverse("claim_files_make", args=[month])
    page = client.get(reverse("claim_export", args=[month])).content.decode()
    assert f"{first.name}に入っています" in page
    assert "作るときに、請求書（J111）を入れるかを一度確かめます" in page
    assert client.post(url)["Location"] == url
    page = client.get(url).content.decode()
    assert f"（{first.name}）は、もう作ってあります" in page
    assert "合計を入れる" not in page
    assert ClaimFile.objects.filter(family="J111").count() == 1
    client.post(url, {"seen": cast.wards[2].code, "way": "apart"})
    again = ClaimFile.objects.filter(family="J111").latest("number")
    assert (again.number, rows(again, "J111:01"), len(rows(again, "J121:01"))) == (2, [], 1)
    # Sums that were corrected, or entered, since are not said to be in the file.
    correct_other_sum(row=OtherServiceSum.objects.get(), changes={"count": 4}, **who(cast))
    others(cast, month, service_type="45")
    page = client.get(reverse("claim_export", args=[month])).content.decode()
    assert f"{first.name}には、直す前の額で入っています" in page
    assert "作ったファイルに入っていません" in page
    assert f"{first.name}に入っています" not in page


def test_a_reclaim_alone_is_asked_about_too(client, cast, month):
    choose(cast, "together")
    others(cast, month)
    first, _records = make(cast, month)
    record_returns(entries=list(first.entries.all()), **who(cast))
    sign_in(client, cast, "billing")
    url = reverse("claim_files_make", args=[month])
    assert client.post(url)["Location"] == url
    client.post(url, {"seen": cast.wards[2].code, "way": "alone"})
    again = ClaimFile.objects.filter(family="J111").latest("number")
    assert [row[6] for row in rows(again, "J111:01")] == ["1"]


def test_statements_alone(cast, month):
    choose(cast, "apart")
    others(cast, month)
    claim, records = make(cast, month)
    assert rows(claim, "J111:01") == []
    assert rows(claim, "J121:01")[0][5] == "1234567890"
    assert (faults(claim), faults(records)) == ([], [])
    doubts = [
        each.reason for each in FileCheck(bytes(claim.content.content), claim.name).findings()
    ]
    assert any("請求書（J111）がない" in each for each in doubts)


def test_the_checker_finds_a_wrong_sum_of_a_shared_file(cast, month):
    choose(cast, "together")
    others(cast, month)
    claim, _records = make(cast, month)
    content = bytes(claim.content.content)
    wrong = content.replace(b"43,3,40000,400000,390000", b"43,3,40000,400001,390000")
    assert wrong != content
    found = [each for each in FileCheck(wrong, claim.name).findings() if not each.is_doubt]
    assert any(each.field == "費用合計" for each in found)
    # Another service type on our own part is no other service: it has statements here.
    wrong = content.replace(b",1,47,1,2768,27680", b",1,46,1,2768,27680")
    assert wrong != content
    assert [each for each in FileCheck(wrong, claim.name).findings() if not each.is_doubt]


def test_names_are_left_out(cast, month):
    ClientName.objects.filter(client=cast.enrolment.client).update(kana="ヰ" * 30)
    choose(cast, "together")
    with pytest.raises(ValidationError, match="入れられる方がいません"):
        make(cast, month)
    choose(cast, "together", omits_names=True)
    others(cast, month)
    claim, _records = make(cast, month)
    assert rows(claim, "J121:01")[0][7] == ""
    assert faults(claim) == []


def test_a_choice_that_cannot_be_is_refused(cast, month):
    with pytest.raises(ValidationError, match="共用しているので"):
        choose(cast, "own")
    cast.office.shares_number = False
    cast.office.save()
    with pytest.raises(ValidationError, match="共用していないので"):
        choose(cast, "apart")


def test_a_number_that_is_shared_no_more(cast, month):
    choose(cast, "apart")
    cast.office.shares_number = False
    cast.office.save()
    claim, _records = make(cast, month)
    assert len(rows(claim, "J111:01")) == 1


def test_sums_that_cannot_be_and_twice_are_refused(cast, month):
    with pytest.raises(ValidationError, match="より多く"):
        others(cast, month, benefit_yen=395_000)
    with pytest.raises(ValidationError, match="47"):
        others(cast, month, service_type="47")
    row = others(cast, month)
    with pytest.raises(ValidationError, match="もう記録されています"):
        others(cast, month)
    correct_other_sum(row=row, changes={"count": 4}, **who(cast))
    row.refresh_from_db()
    assert (row.count, row.history_rows.count()) == (4, 2)
    remove_other_sum(row=row, **who(cast))
    assert not OtherServiceSum.objects.exists()


def test_on_the_pages(client, cast, month):
    sign_in(client, cast, "billing")
    page = reverse("claim_export", args=[month])
    sent = {"invoice_way": "together", "omits_names": "on"}
    assert client.post(reverse("claim_setting", args=[month]), sent).status_code == 302
    assert ClaimSetting.objects.get().omits_names
    sums = {"municipality": cast.wards[2].pk, "service_type": "43", "count": "3", "units": "40000",
            "total_cost_yen": "400,000", "benefit_yen": "390,000", "copayment_yen": "10,000",
            "subsidy_yen": ""}  # fmt: skip
    url = reverse("other_sum_new", args=[month])
    assert client.post(url, {**sums, "service_type": "47"}).status_code == 422
    assert client.post(url, sums).status_code == 302
    text = client.get(page).content.decode()
    assert "400,000円" in text
    assert "414,912円" in text  # 24,912 + 390,000
    row = OtherServiceSum.objects.get()
    change = reverse("other_sum_correct", args=[row.public_id])
    assert client.post(change, {**sums, "count": "5"}).status_code == 302
    assert client.post(reverse("other_sum_remove", args=[row.public_id])).status_code == 302
    assert "400,000円" not in client.get(page).content.decode()
    assert client.get(reverse("claim_sums_xlsx", args=[month])).status_code == 200


def test_months_of_before_wait_for_no_file(client, cast, month):
    def first(of):
        return choose_claim_way(
            office=cast.office, invoice_way="apart", omits_names=False,
            first_month=of.first_day if of else None, **who(cast),
        )  # fmt: skip

    for of, waiting in ((None, {month: 1}), (month, {month: 1}), (month + 1, {})):
        first(of)
        assert unclaimed_months(cast.office) == waiting
    sign_in(client, cast, "billing")
    page = client.get(reverse("claim_export", args=[month])).content.decode()
    assert "ほかのソフトで請求した月" in page
    assert f"{(month + 1).label}分からここで請求" in page
    first(None)
    make(cast, month)
    with pytest.raises(ValidationError, match="ここで作っています") as told:
        first(month + 1)
    assert "first_month" in told.value.message_dict
    first(month)
