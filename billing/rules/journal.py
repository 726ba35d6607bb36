"""仕訳: one event of money as one line with two accounts. Pure.

docs/rules.md §8: what was closed, claimed, invoiced, paid and given back. Which account is debited is
this software's proposal, to be checked by whoever keeps the books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import Labelled


class Account(Labelled):
    """勘定科目 by what it is for; what it is called is a figure that can be changed."""

    CLAIM_RECEIVABLE = "claim_receivable", "国保連への未収金"
    PERSON_RECEIVABLE = "person_receivable", "利用者への未収金"
    SUBSIDY_RECEIVABLE = "subsidy_receivable", "自治体の助成の未収金"
    BENEFIT_INCOME = "benefit_income", "給付費の収益"
    COPAYMENT_INCOME = "copayment_income", "利用者負担の収益"
    OPENING = "opening", "移行前からの繰越"
    CASH = "cash", "現金の入金と返金"
    TRANSFER = "transfer", "振込の入金と返金、国保連の支払い"
    DEBIT = "debit", "口座振替の入金"
    OTHER = "other", "その他の入金と返金"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line: the same yen on both sides, so that a journal is always in balance.

    `text` names nobody; `reference` is the number of the paper, the file or the close.
    """

    on: date
    debit: Account
    credit: Account
    yen: int
    text: str
    reference: str


def line(
    on: date, debit: Account, credit: Account, yen: int, text: str, reference: str
) -> JournalLine | None:
    """A line; below 0 yen the sides change; None for 0 yen."""
    if yen == 0:
        return None
    if yen < 0:
        debit, credit = credit, debit
    return JournalLine(on, debit, credit, abs(yen), text, reference)


# What the accounts are called on a day.
NamesOn = Callable[[date], Mapping[Account, str]]


@dataclass(frozen=True, slots=True)
class AccountSum:
    """What one account comes to over the lines."""

    account: Account
    name: str
    debit_yen: int
    credit_yen: int

    @property
    def balance_yen(self) -> int:
        """Debit less credit."""
        return self.debit_yen - self.credit_yen


def account_sums(lines: Iterable[JournalLine], names: NamesOn) -> tuple[AccountSum, ...]:
    """Every account that the lines touch, in the order of `Account`; the two sides come to the same.

    One that was called otherwise from a month on stands under each of its names, with the lines that bear it.
    """
    sums: dict[tuple[Account, str], list[int]] = defaultdict(lambda: [0, 0])
    for each in lines:
        called = names(each.on)
        sums[each.debit, called[each.debit]][0] += each.yen
        sums[each.credit, called[each.credit]][1] += each.yen
    return tuple(
        AccountSum(account, name, *both)
        for wanted in Account
        for (account, name), both in sums.items()
        if account is wanted
    )
