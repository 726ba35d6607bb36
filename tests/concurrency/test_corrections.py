"""Two people correct, withdraw, close, pay or refund the same month: one row stands, one message."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from billing.actions.correction import correct_month, withdraw_month
from billing.actions.correction_batch import correct_months
from billing.actions.month import close_month
from billing.actions.payment import record_payment
from billing.actions.refund import record_refund
from billing.models import Invoice, MonthClosing, PersonMonth, Refund
from billing.queries.correction_batch import batch_of, mark_of
from billing.queries.payments import due_refunds, open_invoices
from billing.queries.verify import broken_closings
from teikyaku.clock import today
from teikyaku.periods import Month
from tests.billing.corrections import corrected, other_tier, serve_too, who, withdrawn
from tests.cast import cast_of
from tests.concurrency.test_payments import one_of_two
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def line_of(cast: Any) -> list[PersonMonth]:
    """Every row of the person's closed month, at whichever office."""
    row = cast.person_month
    return list(PersonMonth.objects.filter(client=row.client, month=row.month).order_by("edition"))


def one_stands(cast: Any) -> None:
    rows = line_of(cast)
    assert [row.edition for row in rows] == list(range(1, len(rows) + 1))
    standing = PersonMonth.objects.standing().filter(
        client=cast.person_month.client, month=cast.person_month.month
    )
    assert standing.count() <= 1
    assert list(broken_closings()) == []


def correct(cast: Any, key: str) -> PersonMonth:
    return correct_month(row=cast.person_month, reason="office", **who(cast, key))


def withdraw(cast: Any, key: str) -> PersonMonth:
    return withdraw_month(row=cast.person_month, reason="not_billable", **who(cast, key))


@pytest.mark.parametrize("second", [correct, withdraw])
def test_two_people_correct_the_same_month(second):
    cast = cast_of(today())
    other_tier(cast)
    _row, message = one_of_two(
        at_once(lambda: correct(cast, "head"), lambda: second(cast, "billing")), PersonMonth
    )
    assert "訂正" in message or "締め" in message
    assert len(line_of(cast)) == 2
    assert MonthClosing.objects.filter(kind="correction").count() == 1
    assert Invoice.objects.filter(document__replaced_by=None).count() == 1
    one_stands(cast)


def correct_all(cast: Any, key: str) -> list[PersonMonth]:
    month = Month.of(cast.person_month.month)
    rows = batch_of(cast.office, month, month, today()).rows
    return correct_months(
        office=cast.office, person_months=[row.redo.row.public_id for row in rows],
        seen=mark_of(row.redo for row in rows), reason="office", **who(cast, key),
    )  # fmt: skip


@pytest.mark.parametrize("second", [correct_all, correct])
def test_two_people_correct_many_months_at_once(second):
    cast = cast_of(today())
    other_tier(cast)
    month = Month.of(cast.person_month.month)
    rows = batch_of(cast.office, month, month, today()).rows
    assert len(rows) == 1
    _rows, message = one_of_two(
        at_once(lambda: correct_all(cast, "head"), lambda: second(cast, "billing")),
        (PersonMonth, list),
    )
    assert "訂正" in message or "締め" in message or "直す月" in message
    assert len(line_of(cast)) == 2
    one_stands(cast)


def test_it_is_put_right_while_another_office_closes():
    cast = cast_of(today())
    serve_too(cast)
    row = withdrawn(cast)
    month = Month.of(cast.person_month.month)
    found = at_once(
        lambda: corrected(cast, row, by=cast.members["head"]),
        lambda: close_month(office=cast.other_office, month=month, **who(cast, "outsider")),
    )
    # The office that reads after the other has written closes its own person alone: nobody is refused.
    assert sum(isinstance(each, ValidationError) for each in found) <= 1, found
    rows = line_of(cast)
    assert [each.is_withdrawn for each in rows] == [False, True, False], found
    one_stands(cast)


def test_a_payment_comes_while_the_month_is_corrected():
    cast = cast_of(today())
    other_tier(cast, "50")

    def pay() -> Any:
        return record_payment(
            invoice=cast.invoice, paid_on=cast.today, amount_yen=cast.invoice.amount_yen,
            way="cash", **who(cast, "head"),
        )  # fmt: skip

    found = at_once(pay, lambda: correct(cast, "billing"))
    refused = [each for each in found if isinstance(each, ValidationError)]
    if refused:  # the correction was first: the old paper takes no money any more
        assert "訂正されています" in " ".join(refused[0].messages)
        assert not due_refunds(cast.office).exists()
        assert open_invoices(cast.office).get().open_yen == 1_690
    else:
        assert due_refunds(cast.office).get().open_yen == 1_690 - cast.invoice.amount_yen
        note = Invoice.objects.get(document__replaced_by=None).document.content["replaces"]["note"]
        assert "お返しします" in note
    one_stands(cast)


def test_two_people_give_the_same_money_back():
    cast = cast_of(today())
    record_payment(
        invoice=cast.invoice, paid_on=cast.today, amount_yen=cast.invoice.amount_yen, way="cash",
        **who(cast),
    )  # fmt: skip
    paper = Invoice.objects.get(person_month=withdrawn(cast))

    def refund(key: str) -> Refund:
        return record_refund(
            invoice=paper, refunded_on=cast.today, amount_yen=cast.invoice.amount_yen, way="cash",
            **who(cast, key),
        )  # fmt: skip

    _row, message = one_of_two(at_once(lambda: refund("head"), lambda: refund("billing")), Refund)
    assert "返すお金はありません" in message
