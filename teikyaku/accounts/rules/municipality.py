"""市町村番号: six digits, the last of which checks the others.

Source: 全国地方公共団体コード (総務省); 受給者証 and claims carry the same number.
"""

from __future__ import annotations

_WEIGHTS = (6, 5, 4, 3, 2)


def has_check_digit(code: str) -> bool:
    """Whether the sixth digit of `code` is the check digit of its first five.

    False also for what is not six ASCII digits.
    """
    if len(code) != len(_WEIGHTS) + 1 or not (code.isascii() and code.isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code[:-1], _WEIGHTS, strict=True))
    return int(code[-1]) == (11 - total % 11) % 10
