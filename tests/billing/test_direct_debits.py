"""口座振替: one file at a time for an invoice, its result once, nothing paid twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.actions.correction import withdraw_month
from billing.actions.direct_debit import (
    end_account,
    make_debit_file,
    read_debit_results,
    record_account,
    record_setting,
    told,
    told_over,
    type_debit_results,
    withdraw_debit_file,
)
from billing.actions.payment import record_payments
from billing.models import DebitFile, DebitResult, DebitSetting, Payment
from billing.queries.direct_debit import DIED, NO_ACCOUNT, PENDING, candidates
from billing.queries.keeping import unsettled
from billing.queries.payments import due_refunds, open_invoices
from billing.rules.direct_debit import file_bytes
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_payments import pay, take_back

BANK = {
    "bank_code": "0001", "bank_name": "カクウ", "branch_code": "001", "branch_name": "ホンテン",
    "kind": "1", "number": "1234567",
}  # fmt: skip


def who(cast, days=0):
    return {"by": cast.members["billing"], "at": at_noon(cast.today + timedelta(days=days))}


def account(cast, **facts):
    return record_account(
        client=cast.enrolment.client, office=cast.office, **who(cast),
        **{**BANK, "holder_kana": "シケン タロウ", "consented_on": cast.today,
           "starts_on": cast.today, **facts},
    )  # fmt: skip


@pytest.fixture
def ready(cast):
    """The office has its contract, the person an account."""
    record_setting(
        office=cast.office, **who(cast), **BANK, collector_code="0123456789",
        collector_name="ヒナタ", ends_lines=False, lead_days=0,
    )  # fmt: skip
    return account(cast)


def made(cast, **facts):
    return make_debit_file(
        **{"office": cast.office, "debit_on": cast.today + timedelta(days=3), **who(cast), **facts}
    )


def result_of(file, code):
    rows = [row[:111] + code + row[112:] for row in file.entries.values_list("record", flat=True)]
    return file_bytes(file.header, rows, file.total_yen, ends_lines=False)


def read(cast, file, code, days=4):
    return read_debit_results(file=file, body=result_of(file, code), **who(cast, days))


def why(cast):
    (found,) = candidates(cast.office, cast.today + timedelta(days=3), cast.today)
    return found.why_not


def test_a_debit_becomes_a_payment_of_its_day(cast, ready):
    file = made(cast, seen_total_yen=cast.invoice.amount_yen)
    assert (file.count, file.total_yen) == (1, cast.invoice.amount_yen)
    (result,) = read(cast, file, "0")
    assert result.payment == Payment.objects.get()
    assert (result.payment.way, result.payment.paid_on) == ("debit", file.debit_on)
    assert not open_invoices(cast.office).exists()


@pytest.mark.parametrize("code", list("123489"))
def test_what_was_not_debited_stays_open_and_goes_again(cast, ready, code):
    (result,) = read(cast, made(cast), code)
    assert (result.code, result.payment) == (code, None)
    assert open_invoices(cast.office).count() == 1
    assert made(cast, debit_on=cast.today + timedelta(days=9)).number == 2


def test_an_invoice_waits_in_one_file_and_a_result_is_read_once(cast, ready):
    file = made(cast)
    assert why(cast) == PENDING
    with pytest.raises(ValidationError, match="入れる請求がありません"):
        made(cast)
    read(cast, file, "0")
    with pytest.raises(ValidationError, match="もう読み込んで"):
        read(cast, file, "0")
    with pytest.raises(ValidationError, match="もう読み込んで"):
        withdraw_debit_file(file=file, reason="誤り", **who(cast, 4))
    assert Payment.objects.count() == DebitResult.objects.count() == 1


def test_a_withdrawn_file_frees_its_invoices(cast, ready):
    file = made(cast)
    withdraw_debit_file(file=file, reason="送らなかった", **who(cast))
    with pytest.raises(ValidationError, match="取り下げた"):
        read(cast, file, "0")
    assert made(cast).count == 1


def test_money_that_came_otherwise_meanwhile_is_given_back(cast, ready):
    file = made(cast)
    pay(cast, 1000, knows_debit=True)
    results = read(cast, file, "0")
    assert results[0].payment.amount_yen == file.total_yen == cast.invoice.amount_yen
    (row,) = due_refunds(cast.office)
    assert row.open_yen == -1000
    assert not open_invoices(cast.office).exists()
    assert "未入金" not in told(results)
    assert "1件は" in told_over(results)
    assert "1,000円多く" in told_over(results)


def test_a_debit_of_a_month_that_was_withdrawn_meanwhile_came(cast, ready):
    file = made(cast)
    withdraw_month(row=cast.person_month, reason="record", **who(cast, 1))
    (result,) = read(cast, file, "0")
    (row,) = due_refunds(cast.office)
    assert result.payment.invoice == row
    assert (row.amount_yen, row.open_yen) == (0, -file.total_yen)


def test_a_result_without_surplus_tells_of_none(cast, ready):
    results = read(cast, made(cast), "0")
    assert told_over(results) == ""
    assert "未入金" not in told(results)
    assert "振り替えられなかった1件" in told(read(cast, a_second_file(cast, results), "1"))


def test_what_waits_for_a_debit_is_not_paid_unasked(client, cast, ready):
    made(cast)
    with pytest.raises(ValidationError, match="口座振替の結果を待っている"):
        pay(cast)
    everything = {"paid_on": cast.today, "way": "cash", **who(cast)}
    with pytest.raises(ValidationError, match="口座振替の結果を待っている"):
        record_payments(invoices=[cast.invoice], **everything)
    enter(client, cast.members["billing"])
    day = cast.today + timedelta(days=3)
    pill = f"口座振替の結果待ち</span> <small>{day.month}月{day.day}日</small>"
    month = reverse("person_month_page", args=[cast.person_month.public_id])
    for page in (reverse("payments"), month):
        assert pill in client.get(page).content.decode()
    own = reverse("payment_record", args=[cast.invoice.public_id])
    asked = client.get(own).context["form"]
    ((tick, _words),) = asked.fields["confirmed"].choices
    body = {"paid_on": cast.today.isoformat(), "way": "cash", "amount_yen": "100"}
    assert client.post(own, body).status_code == 422
    assert client.post(own, {**body, "confirmed": [tick]}).status_code == 302
    together = reverse("payments_together")
    ticked = {"invoice": [str(cast.invoice.public_id)]}
    first = client.post(together, ticked)
    assert pill in first.content.decode()
    sure = {**ticked, **body, "seen_total_yen": first.context["total_yen"]}
    assert client.post(together, sure).status_code == 422
    assert client.post(together, {**sure, "confirmed": [tick]}).status_code == 302
    assert Payment.objects.count() == 2


def test_a_file_that_waits_is_settled_before_the_person_is_erased(cast, ready):
    file = made(cast)
    pay(cast, knows_debit=True)
    (reason,) = unsettled(cast.enrolment.client, cast.office)
    assert "口座振替の結果" in reason.text
    withdraw_debit_file(file=file, reason="送らなかった", **who(cast))
    assert unsettled(cast.enrolment.client, cast.office) == ()


def test_a_result_of_another_day_or_contract_is_refused(cast, ready):
    file = made(cast)
    for place, other in (((4, 14), "9999999999"), ((54, 58), "0101")):
        head = file.header[: place[0]] + other + file.header[place[1] :]
        rows = list(file.entries.values_list("record", flat=True))
        body = file_bytes(head, rows, file.total_yen, ends_lines=False)
        with pytest.raises(ValidationError, match="委託者コードか振替日"):
            read_debit_results(file=file, body=body, **who(cast, 4))
    assert not DebitResult.objects.exists()


def test_a_wrong_day_is_told_at_its_field_and_makes_no_file(client, cast, ready):
    enter(client, cast.members["billing"])
    page = reverse("debits")
    for day, why in (
        (cast.today - timedelta(days=1), "今日以後"),
        (cast.today + timedelta(days=800), "1年先まで"),
    ):
        text = client.get(page, {"debit_on": day.isoformat()}).content.decode()
        assert why in text
        assert "件のファイルを作る" not in text
        sent = {"debit_on": day.isoformat(), "seen_total_yen": "1"}
        refused = client.post(reverse("debit_file_make"), sent)
        assert refused.status_code == 422
        assert day.isoformat() in refused.content.decode()
    sunday = cast.today + timedelta(days=(6 - cast.today.weekday()) % 7 or 7)
    assert (
        "金融機関が休みの日" in client.get(page, {"debit_on": sunday.isoformat()}).content.decode()
    )
    DebitSetting.objects.update(lead_days=10)
    soon = client.get(page, {"debit_on": (cast.today + timedelta(days=9)).isoformat()})
    assert "送る期限" in soon.content.decode()
    assert not DebitFile.objects.exists()


@pytest.mark.parametrize("seen", ["9" * 5_000, "x", "", "１２", "-1"])
def test_nonsense_as_a_sum_is_another_sum(client, cast, ready, seen):
    enter(client, cast.members["billing"])
    sent = {"debit_on": cast.today.isoformat(), "seen_total_yen": seen}
    assert client.post(reverse("debit_file_make"), sent).status_code == 302
    ticked = {"invoice": [str(cast.invoice.public_id)], "paid_on": cast.today.isoformat(),
              "way": "cash", "seen_total_yen": seen}  # fmt: skip
    assert client.post(reverse("payments_together"), ticked).status_code == 422
    assert not DebitFile.objects.exists()
    assert not Payment.objects.exists()


def test_a_result_on_paper_is_typed(client, cast, ready, monkeypatch):
    file = made(cast)
    (entry,) = file.entries.all()
    with pytest.raises(ValidationError, match="振替日の前"):
        type_debit_results(file=file, codes={entry.public_id: "0"}, **who(cast))
    with pytest.raises(ValidationError, match="すべての請求"):
        type_debit_results(file=file, codes={}, **who(cast, 4))
    monkeypatch.setattr("billing.views.direct_debit.now", lambda _request: who(cast, 4)["at"])
    enter(client, cast.members["billing"])
    url = reverse("debit_results_typed", args=[file.public_id])
    page = client.get(url)
    assert "試験 太郎" in page.content.decode()
    assert page.context["form"][f"code_{entry.public_id}"].value() == "0"
    assert client.post(url, {f"code_{entry.public_id}": "7"}).status_code == 422
    done = client.post(url, {f"code_{entry.public_id}": "0"}, follow=True).content.decode()
    assert "1件" in done
    assert Payment.objects.get().amount_yen == file.total_yen
    assert "もう読み込んで" in client.post(url, {f"code_{entry.public_id}": "0"}).content.decode()
    assert DebitResult.objects.count() == 1


def a_second_file(cast, results):
    take_back(cast, results[0].payment)
    return made(cast)


def test_refusals_of_a_result(cast, ready):
    file = made(cast)
    with pytest.raises(ValidationError, match="振替日の前"):
        read(cast, file, "0", days=2)
    other = DebitFile.objects.create(
        office=cast.office, number=9, debit_on=file.debit_on, count=0, total_yen=0,
        header=file.header, recorded_by=cast.members["billing"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="このファイルの結果ではありません"):
        read_debit_results(file=other, body=result_of(file, "0"), **who(cast, 4))
    with pytest.raises(ValidationError, match="この事業所"):
        read_debit_results(
            file=file, body=result_of(file, "0"), by=cast.members["outsider"],
            at=at_noon(cast.today + timedelta(days=4)),
        )  # fmt: skip
    assert not DebitResult.objects.exists()


def test_who_does_not_go_and_why(cast, ready):
    assert why(cast) == ""
    end_account(account=ready, ends_on=cast.today + timedelta(days=2), **who(cast))
    assert why(cast) == NO_ACCOUNT
    account(cast, starts_on=cast.today + timedelta(days=3))
    assert why(cast) == ""
    cast.enrolment.client.died_on = cast.today
    cast.enrolment.client.save()
    assert why(cast) == DIED


def test_a_file_needs_a_contract_a_day_and_the_sum_that_was_shown(cast, ready):
    with pytest.raises(ValidationError, match="今日以後"):
        made(cast, debit_on=cast.today - timedelta(days=1))
    with pytest.raises(ValidationError, match="別の記録"):
        made(cast, seen_total_yen=1)
    with pytest.raises(ValidationError, match="委託者コード"):
        made(cast, office=cast.other_office, by=cast.members["outsider"])
    assert not DebitFile.objects.exists()


def test_the_pages_from_the_contract_to_the_result(client, cast):
    enter(client, cast.members["billing"])
    page = reverse("debits")
    assert "委託者コードと入金先の口座を登録" in client.get(page).content.decode()
    setting = {**BANK, "collector_code": "0123456789", "collector_name": "ヒナタ",
               "usual_day": "27", "lead_days": ""}  # fmt: skip
    asked = client.get(reverse("debit_setting")).context["form"]
    assert asked["lead_days"].value() is None
    unsaid = client.post(reverse("debit_setting"), setting)
    assert unsaid.status_code == 422
    assert "契約にある日数を入れてください" in unsaid.content.decode()
    assert 'value="ヒナタ"' in unsaid.content.decode()
    assert not DebitSetting.objects.exists()
    setting["lead_days"] = "0"
    assert client.post(reverse("debit_setting"), setting).status_code == 302
    one = reverse("debit_account", args=[cast.enrolment.public_id])
    day = cast.today.isoformat()
    facts = {**BANK, "holder_kana": "シケン タロウ", "consented_on": day, "starts_on": day}
    assert client.post(one, {**facts, "holder_kana": "髙"}).status_code == 422
    assert client.post(one, facts).status_code == 302
    shown = client.get(page, {"debit_on": day})
    assert "••••567" in shown.content.decode()
    assert "1234567" not in shown.content.decode()
    (known,) = shown.context["accounts"]
    end = reverse("debit_account_end", args=[known.account.public_id])
    assert client.post(end, {"ends_on": day}).status_code == 302
    asked = {"debit_on": day, "seen_total_yen": shown.context["total_yen"]}
    assert client.post(reverse("debit_file_make"), asked).status_code == 302
    file = DebitFile.objects.get()
    body = client.get(reverse("debit_file_txt", args=[file.public_id])).content
    assert body == file_bytes(file.header, [e.record for e in file.entries.all()], file.total_yen, ends_lines=False)  # fmt: skip
    assert AuditEvent.objects.filter(verb="debit_file_exported").count() == 1
    results = reverse("debit_results", args=[file.public_id])
    wrong = client.post(results, {"file": SimpleUploadedFile("x.txt", b"nonsense")})
    assert wrong.status_code == 422
    right = client.post(
        results, {"file": SimpleUploadedFile("r.txt", result_of(file, "1"))}, follow=True
    )
    assert "0件 0円を入金にしました" in right.content.decode()
    assert "資金不足" in right.content.decode()
