"""利用者負担上限額管理: several offices, one person, one cap (docs/rules.md §5). Pure; sums in yen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clients.rules.kinds import Labelled
from teikyaku.money import yen


class CapOutcome(Labelled):
    """管理結果: the code that goes on the sheet and into the claim."""

    MANAGER_FILLS = "1", "管理事業所だけで上限額に達する"
    WITHIN = "2", "合計が上限額以内で、調整しない"
    ADJUSTED = "3", "合計が上限額を超え、調整した"


class Rank(Labelled):
    """徴収の順: who collects first. The managing office stands before all of them."""

    DAY = "1_day", "日中活動系"
    VISIT = "2_visit", "訪問系"
    RETENTION = "3_retention", "就労定着支援・自立生活援助"
    SHORT_STAY = "4_short_stay", "短期入所"
    GROUP_HOME_TRIAL = "5_group_home_trial", "グループホーム（体験利用）"


@dataclass(frozen=True, slots=True)
class Share:
    """One office's line of the sheet. Money in yen."""

    rank: Rank
    total_cost_yen: int
    before_yen: int
    """利用者負担額: the smaller of a tenth and the cap, before the management."""
    after_yen: int = 0
    """管理結果後利用者負担額."""
    is_manager: bool = False
    number: str = ""
    """事業所番号, ten digits; who stands first where rank and cost are the same."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be: the line (None for the whole sheet), the column, and why."""

    line: int | None
    field: str
    text: str


def shared_out(cap_yen: int, shares: Sequence[Share]) -> tuple[CapOutcome, tuple[Share, ...]]:
    """管理結果, and each office's share after it, in the order given.

    Raises ValueError for a cap of 0 (never managed, M) and without exactly one managing office.
    """
    if cap_yen <= 0:
        raise ValueError("上限額が0円の月は、上限額管理をしません。")
    managers = [share for share in shares if share.is_manager]
    if len(managers) != 1:
        raise ValueError("上限額管理事業所は、1つだけです。")
    outcome = _outcome(cap_yen, managers[0], shares)
    if outcome == CapOutcome.WITHIN:
        return outcome, tuple(replace(share, after_yen=share.before_yen) for share in shares)
    left, after = cap_yen, {}
    for index in _order(shares):
        after[index] = min(left, shares[index].before_yen)
        left -= after[index]
    return outcome, tuple(
        replace(share, after_yen=after[index]) for index, share in enumerate(shares)
    )


def _outcome(cap_yen: int, manager: Share, shares: Sequence[Share]) -> CapOutcome:
    others = sum(share.before_yen for share in shares if not share.is_manager)
    if manager.before_yen >= cap_yen and others:
        return CapOutcome.MANAGER_FILLS
    if manager.before_yen + others <= cap_yen:
        return CapOutcome.WITHIN
    return CapOutcome.ADJUSTED


def _order(shares: Sequence[Share]) -> list[int]:
    """The managing office, then by rank; inside one rank the larger total cost first [M].

    No rule says who is first where the costs are the same too: the lower number, so that the order in
    which lines were typed decides nothing.
    """
    return sorted(
        range(len(shares)),
        key=lambda index: (
            not shares[index].is_manager,
            shares[index].rank,
            -shares[index].total_cost_yen,
            shares[index].number,
            index,
        ),
    )


def faults_of_figures(cap_yen: int, shares: Sequence[Share]) -> list[Fault]:
    """What is wrong with the figures that were collected, before anything is shared out."""
    found = []
    for line, share in enumerate(shares):
        tenth = share.total_cost_yen // 10
        if share.before_yen > cap_yen:
            text = f"負担額は、上限額の{yen(cap_yen)}より多くなりません。"
            found.append(Fault(line, "before_yen", text))
        elif share.before_yen > tenth:
            text = f"負担額は、総費用額の1割（{yen(tenth)}）より多くなりません。"
            found.append(Fault(line, "before_yen", text))
    return found


def doubts_of_figures(cap_yen: int, shares: Sequence[Share]) -> list[Fault]:
    """Figures below the smaller of a tenth and the cap (docs/rules.md §5, 5): ask the office back.

    A reduction of the municipality may be right; a slip would turn result 3 into 2 unseen.
    """
    found = []
    for line, share in enumerate(shares):
        due = due_before(cap_yen, share.total_cost_yen)
        if share.before_yen < due:
            text = (
                f"総費用額の1割と上限額の少ない方（{yen(due)}）より少ない額です。"
                "その事業所に確かめてください。"
            )
            found.append(Fault(line, "before_yen", text))
    return found


def due_before(cap_yen: int, total_cost_yen: int) -> int:
    """利用者負担額 of one office before the management: the smaller of a tenth and the cap, in yen."""
    return min(cap_yen, total_cost_yen // 10)


def faults_of_sheet(outcome: CapOutcome, cap_yen: int, shares: Sequence[Share]) -> list[Fault]:
    """What of a whole sheet cannot be (docs/rules.md §5): 1, 2, 3, and never more than before."""
    found = [
        Fault(line, "after_yen", "管理後の負担額は、管理前より多くなりません。")
        for line, share in enumerate(shares)
        if share.after_yen > share.before_yen
    ]
    before = sum(share.before_yen for share in shares)
    after = sum(share.after_yen for share in shares)
    if outcome == CapOutcome.MANAGER_FILLS:
        found += _faults_of_one(cap_yen, shares)
    elif outcome == CapOutcome.WITHIN:
        found += [
            Fault(line, "after_yen", "管理結果2では、管理後は管理前と同じ額です。")
            for line, share in enumerate(shares)
            if share.after_yen != share.before_yen
        ]
        if before > cap_yen:
            text = f"合計{yen(before)}が上限額の{yen(cap_yen)}を超えています。管理結果は2になりません。"
            found.append(Fault(None, "outcome", text))
    else:
        if before <= cap_yen:
            text = f"合計{yen(before)}は上限額の{yen(cap_yen)}以内です。管理結果は3になりません。"
            found.append(Fault(None, "outcome", text))
        if after != cap_yen:
            text = f"管理結果3では、管理後の合計（{yen(after)}）が上限額の{yen(cap_yen)}と同じになります。"
            found.append(Fault(None, "outcome", text))
    return found


def _faults_of_one(cap_yen: int, shares: Sequence[Share]) -> list[Fault]:
    found = []
    for line, share in enumerate(shares):
        if share.is_manager and share.after_yen != cap_yen:
            text = f"管理結果1では、管理事業所の負担額が上限額の{yen(cap_yen)}です。"
            found.append(Fault(line, "after_yen", text))
        elif not share.is_manager and share.after_yen:
            text = "管理結果1では、管理事業所のほかは0円です。"
            found.append(Fault(line, "after_yen", text))
    return found


def fault_of_own(outcome: CapOutcome, before_yen: int, after_yen: int) -> str:
    """What of one's own line cannot be, for an office that another one manages; "" where it can."""
    if after_yen > before_yen:
        return f"管理後の負担額は、管理前の{yen(before_yen)}より多くなりません。"
    if outcome == CapOutcome.MANAGER_FILLS and after_yen:
        return "管理結果1では、管理事業所のほかは0円です。"
    if outcome == CapOutcome.WITHIN and after_yen != before_yen:
        return f"管理結果2では、管理前と同じ{yen(before_yen)}です。"
    return ""
