"""What is open of an invoice, and when a payment is refused."""

from datetime import date as d

import pytest

from billing.rules.payment import Balance, refusal, surplus_words, surplus_yen

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
        pytest.param(3512, 1, ISSUED, "amount_yen", id="settled"),
    ],
)
def test_refusal(paid, amount, on, field):
    found = refusal(Balance(3512, paid), amount, on, ISSUED)
    assert (found[0] if found else None) == field


@pytest.mark.parametrize(
    ("asked", "paid", "amount", "over", "words"),
    [
        pytest.param(3512, 1000, 3512, 1000, "1,000円多く受け取ったもの", id="partly-paid"),
        pytest.param(3512, 3512, 3512, 3512, "残りはありません。3,512円多く", id="settled"),
        pytest.param(3512, 4000, 10, 10, "残りはありません。10円多く", id="too-much-already"),
        pytest.param(0, 0, 3006, 3006, "残りはありません。3,006円多く", id="withdrawn"),
        pytest.param(3512, 1000, 2512, 0, "", id="the-rest"),
    ],
)
def test_what_is_too_much_is_asked_about_and_then_taken(asked, paid, amount, over, words):
    balance = Balance(asked, paid)
    assert surplus_yen(balance, amount) == over
    assert words in surplus_words(balance, amount)
    assert bool(words) == bool(surplus_words(balance, amount))
    assert (refusal(balance, amount, ISSUED, ISSUED) is None) == (over == 0)
    assert refusal(balance, amount, ISSUED, ISSUED, over) is None
    assert (refusal(balance, amount, ISSUED, ISSUED, over + 1) is None) == (over == 0)
    assert refusal(balance, amount, d(2026, 5, 5), ISSUED, over)[0] == "paid_on"
