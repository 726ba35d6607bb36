"""Two people with the same money get one payment, one cancellation, one receipt, and one message."""

import pytest
from django.core.exceptions import ValidationError

from billing.actions.claim_file import record_returns
from billing.actions.claim_payment import record_claim_payments
from billing.actions.payment import cancel_payment, record_payment, record_payments
from billing.actions.proxy_notice import issue_notice
from billing.models import ClaimPayment, ClaimReturn, Payment, ProxyNotice
from billing.queries.payments import open_sums
from teikyaku.clock import at_noon, today
from teikyaku.periods import Month
from tests.billing.test_claim_payments import claim_file
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


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
