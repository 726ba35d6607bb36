"""市町村番号: six digits, the last of which checks the others; and the name, as people write it before a place.

Source: 全国地方公共団体コード (総務省); docs/rules.md §4: the numbers on 受給者証 check themselves in another
way (inferred), so that a list of the former would not give the latter.
"""

from __future__ import annotations

import re
import unicodedata

_WEIGHTS = (6, 5, 4, 3, 2)
_BY_CERTIFICATE = (2, 1, 2, 1, 2, 1)
# In the order of their numbers, 01 to 47: the first two digits of a municipality's number (JIS X 0401).
PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県",
    "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県",
    "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
_COUNTY = re.compile(r"[^\W\d_]{1,5}郡(?=[^\W\d_]+[町村]\Z)")


def has_check_digit(code: str) -> bool:
    """Whether the sixth digit of `code` is the check digit of its first five.

    False also for what is not six ASCII digits.
    """
    if not _is_number(code):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code[:-1], _WEIGHTS, strict=True))
    return int(code[-1]) == (11 - total % 11) % 10


def checks_itself(code: str) -> bool:
    """Whether the last digit checks the others in one of the two ways that are in use (inferred)."""
    if not _is_number(code):
        return False
    doubled = [int(digit) * weight for digit, weight in zip(code, _BY_CERTIFICATE, strict=True)]
    by_certificate = sum(number // 10 + number % 10 for number in doubled) % 10 == 0
    return by_certificate or has_check_digit(code)


def _is_number(code: str) -> bool:
    return len(code) == len(_BY_CERTIFICATE) and code.isascii() and code.isdigit()


def prefecture_of(code: str) -> str:
    """The prefecture that a number begins with; "" where no prefecture has it."""
    number = int(code[:2]) if code[:2].isascii() and code[:2].isdigit() else 0
    return PREFECTURES[number - 1] if 0 < number <= len(PREFECTURES) else ""


def bare_name(text: str) -> str:
    """The name of a place without prefecture and 郡 before it: 聖籠町 of 新潟県北蒲原郡聖籠町."""
    name = "".join(unicodedata.normalize("NFKC", text).split())
    before = next((each for each in PREFECTURES if name.startswith(each)), "")
    name = name.removeprefix(before)
    rest = _COUNTY.sub("", name, count=1)
    # 上郡町 is a town called so, and no town of a 郡.
    return rest if len(rest) > 1 else name
