"""Two people with the same money get one payment, one cancellation, one receipt, and one message."""

import pytest
from django.core.exceptions import ValidationError

from billing.actions.claim_deduction import record_deductions
from billing.actions.claim_file import record_returns
from billing.actions.claim_payment import record_claim_payments
from billing.actions.correction import record_petition, withdraw_month
from billing.actions.direct_debit import (
    make_debit_file,
    read_debit_results,
    record_account,
    record_setting,
)
from billing.actions.payment import cancel_payment, record_payment, record_payments
from billing.actions.proxy_notice import issue_notice
from billing.models import (
    ClaimDeduction,
    ClaimPayment,
    ClaimReturn,
    DebitResult,
    Payment,
    ProxyNotice,
)
from billing.queries.payments import open_sums, refund_sums
from teikyaku.clock import at_noon, today
from teikyaku.periods import Month
from tests.billing.test_claim_payments import claim_file
from tests.billing.test_direct_debits import BANK, result_of
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def who(cast, key):
    return {"by": cast.members[key], "at": at_noon(cast.today)}


def one_of_two(results, kind=Payment):
    stored = [result for result in results if isinstance(result, kind)]
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert (len(stored), len(refused)) == (1, 1), results
    return stored[0], " ".join(refused[0].messages)


def test_two_people_record_the_same_transfer():
    cast = cast_of(today())
    amount = cast.invoice.amount_yen

    def record(key):
        return record_payment(
            invoice=cast.invoice, paid_on=cast.today, amount_yen=amount, way="transfer",
            seen_open_yen=amount, **who(cast, key),
        )  # fmt: skip

    _row, message = one_of_two(at_once(lambda: record("head"), lambda: record("billing")))
    assert "入金済み" in message
    assert Payment.objects.count() == 1


def test_two_people_record_the_same_part():
    cast = cast_of(today())

    def record(key):
        return record_payment(
            invoice=cast.invoice, paid_on=cast.today, amount_yen=100, way="cash",
            seen_open_yen=cast.invoice.amount_yen, **who(cast, key),
        )  # fmt: skip

    _row, message = one_of_two(at_once(lambda: record("head"), lambda: record("billing")))
    assert "たったいま" in message


def test_one_records_alone_and_one_together():
    cast = cast_of(today())
    amount = cast.invoice.amount_yen

    def alone():
        return record_payment(
            invoice=cast.invoice, paid_on=cast.today, amount_yen=amount, way="transfer",
            **who(cast, "head"),
        )  # fmt: skip

    def together():
        return record_payments(
            invoices=[cast.invoice], paid_on=cast.today, way="debit", seen_total_yen=amount,
            **who(cast, "billing"),
        )[0]  # fmt: skip

    one_of_two(at_once(alone, together))
    assert open_sums(cast.office, cast.today).count == 0


def test_two_people_take_the_same_payment_back():
    cast = cast_of(today())
    row = record_payment(
        invoice=cast.invoice, paid_on=cast.today, amount_yen=100, way="cash", **who(cast, "head")
    )

    def cancel(key):
        return cancel_payment(payment=row, reason="誤り", **who(cast, key))

    _row, message = one_of_two(at_once(lambda: cancel("head"), lambda: cancel("billing")))
    assert "取り消しました" in message
    assert Payment.objects.filter(cancels=row).count() == 1


def a_debit(cast):
    """A file of the cast's invoice whose day is today, and the bank's answer: debited."""
    made = {"office": cast.office, "by": cast.members["billing"], "at": at_noon(cast.today)}
    told = {"collector_code": "0123456789", "collector_name": "ヒナタ", "lead_days": 0}
    record_setting(**made, **BANK, **told)
    record_account(
        client=cast.enrolment.client, **made, **BANK, holder_kana="シケン",
        consented_on=cast.today, starts_on=cast.today,
    )  # fmt: skip
    file = make_debit_file(debit_on=cast.today, **made)
    return file, result_of(file, "0")


def test_two_people_read_the_same_result_of_a_debit():
    cast = cast_of(today())
    file, body = a_debit(cast)

    def read(key):
        return read_debit_results(file=file, body=body, **who(cast, key))[0]

    _row, message = one_of_two(at_once(lambda: read("head"), lambda: read("billing")), DebitResult)
    assert "もう読み込んで" in message
    assert Payment.objects.get().amount_yen == cast.invoice.amount_yen


def test_a_debit_and_a_transfer_at_once_are_both_there():
    cast = cast_of(today())
    file, body = a_debit(cast)
    amount = cast.invoice.amount_yen

    def transfer():
        return record_payment(
            invoice=cast.invoice, paid_on=cast.today, amount_yen=amount, way="transfer",
            seen_open_yen=amount, knows_debit=True, **who(cast, "head"),
        )  # fmt: skip

    results = at_once(
        transfer, lambda: read_debit_results(file=file, body=body, **who(cast, "billing"))
    )
    # The debit always counts; the transfer does, or its page is out of date.
    assert not [each for each in results if isinstance(each, ValidationError)] or (
        "たったいま" in str(results[0])
    )
    kept = sum(row.amount_yen for row in Payment.objects.standing())
    assert kept in (amount, 2 * amount)
    assert Payment.objects.filter(way="debit").count() == 1
    assert refund_sums(cast.office).yen == kept - amount


def a_claim(cast):
    return claim_file(cast, Month.of(cast.person_month.month))


def test_two_people_record_what_kokuhoren_paid():
    cast = cast_of(today())
    file = a_claim(cast)
    entry = file.entries.get().pk

    def record(key):
        return record_claim_payments(
            file=file, paid_on=cast.today, amounts={entry: 100}, **who(cast, key)
        )[0]

    results = at_once(lambda: record("head"), lambda: record("billing"))
    row, message = one_of_two(results, ClaimPayment)
    assert "たったいま別の人が記録しました" in message
    assert list(ClaimPayment.objects.all()) == [row]


def test_two_people_record_the_same_deduction():
    cast = cast_of(today())
    file = a_claim(cast)
    entry = file.entries.get()
    record_claim_payments(
        file=file, paid_on=cast.today, amounts={entry.pk: 100}, **who(cast, "head")
    )
    new = withdraw_month(row=cast.person_month, reason="not_billable", **who(cast, "head"))
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast, "head"))

    def record(key):
        return record_deductions(deducted_on=cast.today, amounts={entry.pk: 100}, **who(cast, key))[
            0
        ]

    results = at_once(lambda: record("head"), lambda: record("billing"))
    row, message = one_of_two(results, ClaimDeduction)
    assert "差し引かれる額はありません" in message
    assert list(ClaimDeduction.objects.all()) == [row]


def test_one_records_a_payment_while_another_records_a_return():
    cast = cast_of(today())
    file = a_claim(cast)
    entry = file.entries.get()

    def paid():
        return record_claim_payments(
            file=file, paid_on=cast.today, amounts={entry.pk: 100}, **who(cast, "head")
        )[0]

    def returned():
        return record_returns(entries=[entry], **who(cast, "billing"))[0]

    results = at_once(paid, returned)
    one_of_two(results, (ClaimPayment, ClaimReturn))
    assert ClaimPayment.objects.count() + ClaimReturn.objects.count() == 1


def test_two_people_issue_the_same_notice():
    cast = cast_of(today())
    file = a_claim(cast)
    entry = file.entries.get().pk
    (payment,) = record_claim_payments(
        file=file, paid_on=cast.today, amounts={entry: 100}, **who(cast, "head")
    )
    results = at_once(
        lambda: issue_notice(payment=payment, **who(cast, "head")),
        lambda: issue_notice(payment=payment, **who(cast, "billing")),
    )
    stored = {result.pk for result in results if isinstance(result, ProxyNotice)}
    assert len(stored) == ProxyNotice.objects.count() == 1
