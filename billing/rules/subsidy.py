"""自治体助成: what a municipality pays of a person's copayment. Pure; yen as int.

Source: docs/rules.md §5, 7: it lessens what the person pays, never the decided copayment. How a
municipality reckons is its own rule, entered with its source; yen below one are cut off [?].
"""

from __future__ import annotations

PERCENT, UP_TO, BEYOND = "percent", "up_to", "beyond"
WHOLE = 100


def subsidy_yen(kind: str, amount: int, decided_yen: int) -> int:
    """The subsidy of a month for a decided copayment, never more than that.

    `amount`: percent of the copayment, yen that are paid at most, or yen that the person keeps paying.
    Raises ValueError for an unknown kind or sums below 0.
    """
    if amount < 0 or decided_yen < 0 or (kind == PERCENT and amount > WHOLE):
        raise ValueError("助成の率や額は、0以上（率は100まで）です。")
    if kind == PERCENT:
        return decided_yen * amount // WHOLE
    if kind == UP_TO:
        return min(amount, decided_yen)
    if kind == BEYOND:
        return max(0, decided_yen - amount)
    raise ValueError(f"知らない助成の種類です：{kind}")
