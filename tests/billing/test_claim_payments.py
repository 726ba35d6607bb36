"""国保連の支払い: recorded for a whole file or per person, taken back by further rows; open sums follow."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.claim_file import record_returns, withdraw_claim_files
from billing.actions.claim_payment import cancel_claim_payments, record_claim_payments
from billing.actions.month import close_month
from billing.models import (
    ClaimFile,
    ClaimFileEntry,
    ClaimPayment,
    ClaimReturn,
    ClaimReturnReason,
    PersonMonth,
)
from billing.queries.claim_files import claim_entries
from billing.queries.claim_payment_sums import by_municipality, claim_payment_sums
from billing.queries.claim_payments import claim_payment_rows, claims_of, claims_shown, with_facts
from billing.queries.claim_rows import unclaimed
from billing.rules.claim_payment import ClaimState, Settlement, refusal
from billing.rules.claim_reach import before_claim
from teikyaku.accounts.models import AuditEvent, Membership
from teikyaku.clock import at_noon
from teikyaku.desk.queries.billing_desk import billing_desk
from teikyaku.frozen import FrozenRowError
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person


def claim_file(cast, month, number=1, processed=None):
    """A claim of everybody who was closed in the month, made yesterday."""
    processed = processed or month + 1
    rows = list(PersonMonth.objects.filter(closing__office=cast.office, month=month.first_day))
    file = ClaimFile.objects.create(
        office=cast.office, month=month.first_day, processing_month=processed.first_day,
        family="J111", number=number, name=f"S0000{number:03d}.CSV", digest="", lines=9,
        people=len(rows), total_cost_yen=0, benefit_yen=0, recorded_by=cast.members["billing"],
        recorded_at=at_noon(cast.today - timedelta(days=1)),
    )  # fmt: skip
    for row in rows:
        ClaimFileEntry.objects.create(file=file, person_month=row)
    return file


@pytest.fixture
def file(cast):
    """Two people, one of another ward, in the claim of the last month."""
    worker, manager = cast.members["worker"], cast.members["manager"]
    wards, cast.wards = cast.wards, [*cast.wards[:2], cast.wards[0], *cast.wards[3:]]
    ready_person(
        cast, cast.office, worker, manager, "4000000000", name="髙橋 一", kana="たかはし はじめ"
    )
    cast.wards = wards
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    month = Month.of(cast.today) - 1
    close_month(office=cast.office, month=month, **who)
    found = claim_file(cast, month)
    assert found.entries.count() == 2
    return found


def pay(cast, file, amounts=None, **facts):
    claims = {e.pk: e.person_month.benefit_yen for e in claims_of(cast.office).filter(file=file)}
    who = {"by": cast.members["billing"], "at": at_noon(cast.today), "paid_on": cast.today}
    return record_claim_payments(
        file=file, amounts=claims if amounts is None else amounts, **{**who, **facts}
    )


def take_back(cast, file, entries, reason="通知を読み違えた"):
    return cancel_claim_payments(
        file=file, entries=entries, reason=reason, by=cast.members["billing"],
        at=at_noon(cast.today),
    )  # fmt: skip


def entries_of(file):
    return list(file.entries.select_related("person_month").order_by("pk"))


@pytest.mark.parametrize(
    ("expected", "paid", "open_yen", "state"),
    [
        (900, None, 900, ClaimState.WAITING),
        (900, 900, 0, ClaimState.PAID),
        (900, 0, 900, ClaimState.DIFFERS),
        (900, 850, 50, ClaimState.DIFFERS),
        (900, 950, -50, ClaimState.DIFFERS),
        (0, 0, 0, ClaimState.PAID),
    ],
)
def test_what_is_open(expected, paid, open_yen, state):
    own = Settlement(expected, paid)
    assert (own.open_yen, own.state) == (open_yen, state)


def test_what_is_refused():
    assert refusal(0, 1000) is None
    assert refusal(1000, 1000) is None
    assert refusal(1001, 1000)[0] == "amount_yen"
    assert refusal(-1, 1000)[0] == "amount_yen"


@pytest.mark.parametrize(
    ("day", "processed", "words"),
    [
        (date(2026, 11, 27), None, "請求ファイルを作った日"),
        (date(2026, 11, 28), None, ""),
        (date(2026, 11, 30), Month(2026, 12), "受け付けられる2026年12月"),
        (date(2026, 12, 1), Month(2026, 12), ""),
        (date(2026, 11, 27), Month(2026, 12), "請求ファイルを作った日"),
        (date(2026, 11, 28), Month(2026, 11), ""),
    ],
)
def test_no_answer_before_the_claim(day, processed, words):
    """The file was made on 28 November."""
    found = before_claim(day, date(2026, 11, 28), processed)
    assert (words in found) if words else not found


def test_nothing_is_recorded_before_the_month_of_processing(client, cast):
    """国保連 has not even had the claims: refused at its field, and not offered on the page."""
    month, who = (
        Month.of(cast.today) - 1,
        {"by": cast.members["billing"], "at": at_noon(cast.today)},
    )
    close_month(office=cast.office, month=month, **who)
    coming = claim_file(cast, month, processed=month + 2)
    entry, day = entries_of(coming)[0], cast.today.isoformat()
    for facts in ({}, {"amounts": {}, "returned": [entry.pk]}):
        with pytest.raises(ValidationError, match="受け付けられる") as error:
            pay(cast, coming, **facts)
        assert set(error.value.message_dict) == {"paid_on"}
    enter(client, cast.members["billing"])
    url = reverse("claim_payment_record", args=[coming.public_id])
    text = client.get(reverse("claim_export", args=[month])).content.decode()
    assert f"支払いは、{(month + 2).label}から記録できます" in text
    assert url not in text
    body = {
        "paid_on": day, f"how_{entry.public_id}": "paid", f"amount_{entry.public_id}": "1",
    }  # fmt: skip
    assert list(client.post(url, body).context["form"].errors) == ["paid_on"]
    back = reverse("claim_file_withdraw", args=[coming.public_id])
    key = next(iter(claim_entries(coming)))
    body = {"reason": "returned", "people": [key], "returned_on": day, f"code_{key}": "ER01"}
    assert list(client.post(back, body).context["form"].errors) == ["returned_on"]
    assert not ClaimPayment.objects.exists()
    assert not ClaimReturn.objects.exists()


def test_a_whole_file_is_paid_at_once(cast, file):
    sums = claim_payment_sums(cast.office)
    expected = sum(entry.person_month.benefit_yen for entry in entries_of(file))
    assert (sums.waiting, sums.waiting_yen, sums.differs) == (2, expected, 0)
    assert sums.oldest == Month.of(file.processing_month)
    pay(cast, file)
    sums = claim_payment_sums(cast.office)
    assert (sums.waiting, sums.waiting_yen, sums.oldest, sums.differs) == (0, 0, None, 0)
    assert claims_shown(cast.office, "paid").count() == 2
    with pytest.raises(ValidationError, match="たったいま別の人が記録しました"):
        pay(cast, file)
    assert ClaimPayment.objects.count() == 2
    assert AuditEvent.objects.filter(verb="claim_payment_recorded").count() == 2


def test_one_is_paid_otherwise_one_came_back(cast, file):
    first, second = entries_of(file)
    less = first.person_month.benefit_yen - 500
    pay(cast, file, {first.pk: less}, returned=[second.pk])
    sums = claim_payment_sums(cast.office)
    assert (sums.waiting, sums.differs, sums.differs_yen) == (0, 1, 500)
    assert list(claims_shown(cast.office, "differs")) == [first]
    assert second.person_month in unclaimed(cast.office)
    (row,) = claim_payment_rows(with_facts(claims_shown(cast.office, "all")), cast.today)
    assert (row.settlement.paid_yen, row.settlement.open_yen, row.paid_on) == (
        less, 500, cast.today,
    )  # fmt: skip


def test_by_municipality(cast, file):
    first, second = entries_of(file)
    pay(cast, file, {first.pk: first.person_month.benefit_yen - 500})
    places = {row.municipality: row for row in by_municipality(claims_shown(cast.office, "all"))}
    assert len(places) == 2
    paid = places[first.person_month.municipality.full_name]
    assert (paid.people, paid.waiting, paid.open_yen) == (1, 0, 500)
    waits = places[second.person_month.municipality.full_name]
    assert (waits.waiting, waits.paid_yen) == (1, 0)
    assert waits.open_yen == second.person_month.benefit_yen


def test_refusals_leave_nothing(cast, file):
    first, _second = entries_of(file)
    for facts, field in (
        ({"paid_on": cast.today + timedelta(days=1)}, "paid_on"),
        ({"paid_on": cast.today - timedelta(days=2)}, "paid_on"),
        ({"amounts": {first.pk: first.person_month.total_cost_yen + 1}}, "amount_yen"),
    ):
        with pytest.raises(ValidationError) as error:
            pay(cast, file, **facts)
        assert field in error.value.message_dict
    with pytest.raises(ValidationError, match="選んでください"):
        pay(cast, file, {})
    with pytest.raises(ValidationError):
        pay(cast, file, by=cast.members["outsider"])
    assert not ClaimPayment.objects.exists()


def test_taken_back_with_a_reason_and_paid_anew(cast, file):
    first, second = entries_of(file)
    pay(cast, file)
    with pytest.raises(ValidationError):
        take_back(cast, file, [first.pk], " ")
    (back,) = take_back(cast, file, [first.pk])
    assert (back.number, back.note, back.cancels.entry) == (2, "通知を読み違えた", first)
    assert claim_payment_sums(cast.office).waiting == 1
    with pytest.raises(ValidationError, match="たったいま別の人が取り消しました"):
        take_back(cast, file, [first.pk, second.pk])
    (again,) = pay(cast, file, {first.pk: 0})
    assert again.number == 3
    assert claim_payment_sums(cast.office).differs == 1
    for change in (again.save, again.delete):
        with pytest.raises(FrozenRowError):
            change()


def test_what_was_paid_is_neither_returned_nor_withdrawn(cast, file):
    first, _second = entries_of(file)
    pay(cast, file, {first.pk: first.person_month.benefit_yen})
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    with pytest.raises(ValidationError, match="支払いの記録を取り消して"):
        record_returns(entries=[first], **who)
    with pytest.raises(ValidationError, match="支払いの記録を取り消して"):
        withdraw_claim_files(file=file, reason="taken_back", **who)
    take_back(cast, file, [first.pk])
    assert withdraw_claim_files(file=file, reason="taken_back", **who) == 1
    assert claim_payment_sums(cast.office).waiting == 0


def test_the_page_records_all_with_one_press(client, cast, file):
    enter(client, cast.members["billing"])
    url = reverse("claim_payment_record", args=[file.public_id])
    form = client.get(url).context["form"]
    body = {"paid_on": cast.today.isoformat()}
    body |= {field.html_name: field.value() for row in form.rows for field in (row["how"], row["amount"])}  # fmt: skip
    total = sum(entry.person_month.benefit_yen for entry in entries_of(file))
    wrong = client.post(url, {**body, "total_yen": total - 7})
    assert wrong.status_code == 422
    assert "7円の差" in wrong.content.decode()
    assert not ClaimPayment.objects.exists()
    done = client.post(url, {**body, "total_yen": total}, follow=True)
    assert "請求どおり 2人" in done.content.decode()
    assert claim_payment_sums(cast.office).waiting == 0
    # Pressed again: nobody waits, and nothing is recorded twice.
    assert client.post(url, body).status_code == 302
    assert ClaimPayment.objects.count() == 2


def test_the_page_asks_for_each_person(client, cast, file):
    enter(client, cast.members["billing"])
    first, second = entries_of(file)
    url = reverse("claim_payment_record", args=[file.public_id])
    body = {
        "paid_on": cast.today.isoformat(), f"how_{first.public_id}": "paid",
        f"amount_{first.public_id}": "", f"how_{second.public_id}": "later",
    }  # fmt: skip
    assert "支払決定額を入れてください" in client.post(url, body).content.decode()
    body[f"amount_{first.public_id}"] = "12,345"
    assert client.post(url, body).status_code == 302
    (row,) = ClaimPayment.objects.all()
    assert (row.entry, row.amount_yen) == (first, 12_345)
    back = reverse("claim_payment_cancel", args=[file.public_id])
    page = client.get(f"{back}?person={first.public_id}")
    assert page.context["form"]["people"].initial == [str(first.public_id)]
    client.post(back, {"people": [str(first.public_id)], "reason": "読み違い"})
    assert claim_payment_sums(cast.office).waiting == 2


def test_who_came_back_is_recorded_with_the_reason_on_the_list(client, cast, file):
    enter(client, cast.members["billing"])
    first, second = entries_of(file)
    url, code = reverse("claim_payment_record", args=[file.public_id]), f"code_{second.public_id}"
    body = {
        "paid_on": cast.today.isoformat(), f"how_{first.public_id}": "paid",
        f"amount_{first.public_id}": "1", f"how_{second.public_id}": "paid",
        f"amount_{second.public_id}": "1", code: "ER01",
    }  # fmt: skip
    # A reason of somebody who was paid is told, not left out; and a reason has its day.
    errors = client.post(url, body).context["form"].errors
    assert set(errors) == {f"words_{second.public_id}", "returned_on"}
    body[f"how_{second.public_id}"] = "returned"
    early = {**body, "returned_on": (cast.today - timedelta(days=900)).isoformat()}
    assert list(client.post(url, early).context["form"].errors) == ["returned_on"]
    assert not ClaimPayment.objects.exists()
    answer = client.post(url, {**body, "returned_on": cast.today.isoformat()})
    assert answer["Location"].endswith("#files")
    (reason,) = ClaimReturnReason.objects.all()
    assert (reason.claim_return.entry, reason.code, reason.returned_on) == (
        second, "ER01", cast.today,
    )  # fmt: skip


def test_who_came_back_without_a_reason_leads_to_where_it_is_recorded(client, cast, file):
    enter(client, cast.members["billing"])
    first, second = entries_of(file)
    body = {
        "paid_on": cast.today.isoformat(), f"how_{first.public_id}": "later",
        f"how_{second.public_id}": "returned",
    }  # fmt: skip
    url = reverse("claim_payment_record", args=[file.public_id])
    # A day alone would be lost: the reason is recorded with it, or both later.
    for how in ("returned", "later"):
        dated = {**body, f"how_{second.public_id}": how, "returned_on": cast.today.isoformat()}
        assert list(client.post(url, dated).context["form"].errors) == ["returned_on"]
    answer = client.post(url, body)
    assert answer["Location"].endswith("#returned")
    assert not ClaimReturnReason.objects.exists()


def test_every_count_of_the_home_agrees_with_its_list(client, cast, file):
    first, _second = entries_of(file)
    pay(cast, file, {first.pk: 1})
    enter(client, cast.members["billing"])
    who = Membership.objects.select_related("office").get(pk=cast.members["billing"].pk)
    desk = billing_desk(who, cast.today)
    for url, count in ((desk.claims_url, desk.claims.waiting), (desk.differs_url, desk.claims.differs)):  # fmt: skip
        assert client.get(url).context["page"].paginator.count == count == 1
    words = client.get(reverse("billing_home")).content.decode()
    assert "支払い待ち" in words
    assert "請求と違ったもの" in words


def test_the_workbook(client, cast, file):
    first, _second = entries_of(file)
    pay(cast, file, {first.pk: 1})
    enter(client, cast.members["billing"])
    answer = client.get(reverse("claim_payments_xlsx") + "?show=all")
    book = load_workbook(BytesIO(answer.content))
    assert [sheet.max_row for sheet in book] == [3, 3]
    assert AuditEvent.objects.filter(verb="claim_payments_exported").exists()


def test_the_list_costs_the_same_with_more_people(client, cast, file):
    enter(client, cast.members["billing"])
    url = reverse("claim_payments") + "?show=all"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    claim_file(cast, Month.of(cast.person_month.month), number=2)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
