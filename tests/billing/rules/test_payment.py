"""What is open of an invoice, and when a payment is refused."""

from datetime import date as d

import pytest

from billing.rules.payment import Balance, refusal

ISSUED = d(2026, 5, 6)


@pytest.mark.parametrize(
    ("amount", "paid", "rest"),
    [(3512, 0, 3512), (3512, 3511, 1), (3512, 3512, 0), (0, 0, 0), (1000, 3000, 0)],
)
def test_what_is_open(amount, paid, rest):
    balance = Balance(amount, paid)
    assert balance.open_yen == rest
    assert balance.is_open == (rest > 0)


@pytest.mark.parametrize(
    ("paid", "amount", "on", "field"),
    [
        pytest.param(0, 3512, ISSUED, None, id="all-on-the-day-of-the-paper"),
        pytest.param(1000, 2512, ISSUED, None, id="the-rest"),
        pytest.param(1000, 2513, ISSUED, "amount_yen", id="one-yen-too-much"),
        pytest.param(0, 0, ISSUED, "amount_yen", id="nothing"),
        pytest.param(0, 3512, d(2026, 5, 5), "paid_on", id="the-day-before-the-paper"),
        pytest.param(3512, 1, ISSUED, "", id="settled"),
    ],
)
def test_refusal(paid, amount, on, field):
    found = refusal(Balance(3512, paid), amount, on, ISSUED)
    assert (found[0] if found else None) == field


def test_an_invoice_of_nothing_takes_no_payment():
    assert refusal(Balance(0, 0), 1, ISSUED, ISSUED) is not None
