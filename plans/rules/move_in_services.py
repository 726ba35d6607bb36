"""移行の取込: the kind of the service before the job, where it stands in the name of its office.

Pure: text in, words out.
"""

from __future__ import annotations

import re

from plans.rules.move_in_periods import ends_of, month_day
from plans.rules.move_in_words import day_text, folded, service_word

_IN_BRACKETS = re.compile(r"[（(〔\[【]([^（()）〔〕\[\]【】]+)[）)〕\]】][ 　]*$")
# What an office may be called by, as `service_word` reads it; the longer ones first.
_NAMED = re.compile(
    r"(就労移行支援|就労移行|移行支援|就労継続支援[ab]型|就労継続[ab]型|[ab]型|自立訓練|生活訓練|機能訓練|生活介護)"
)
# Where the days begin in 「就労移行ひかり R6.5.1～R8.4.30」.
_DAYS = re.compile(
    r"[ 　\n(（]*((?:[MTSHRＭＴＳＨＲ]|昭和|平成|令和)?(?:元|[0-9０-９]{1,4})[年./．-][0-9０-９].*)$",
    re.DOTALL,
)
# 「A型・B型」 is no one kind; a 就労定着支援 is none at all.
_ONE = 1
_KINDS = {
    "就労移行支援", "就労継続支援A型", "就労継続支援B型", "自立訓練", "生活介護",
}  # fmt: skip


def kind_in(office: str) -> tuple[str, str, bool]:
    """(kind, name of the office, whether it is certain): 「センター甲（移行）」; two blanks for no kind.

    In brackets behind the name it is told; within the name it is a guess.
    """
    if match := _IN_BRACKETS.search(office):
        kind = _kind(match[1])
        if kind:
            return kind, office[: match.start()].strip(" 　"), True
    kinds = {_kind(each) for each in _NAMED.findall(folded(office).lower())} - {""}
    return (kinds.pop(), office, False) if len(kinds) == _ONE else ("", office, False)


def parted_days(text: str) -> tuple[str, str, str]:
    """「就労移行ひかり R6.5.1～R8.4.30」 as what stands before its days, and the two; the text alone for any other."""
    match = _DAYS.search(text)
    ends = ends_of(match[1].rstrip(")） 　")) if match and match.start() else None
    if match is None or ends is None:
        return text, "", ""
    first, last = (
        month_day(each, is_last=bool(at)) or day_text(each) for at, each in enumerate(ends)
    )
    return text[: match.start()].strip(), first, last


def is_kind(text: str) -> bool:
    """Whether it is one of the five kinds by its word, and no name."""
    return bool(_kind(text))


def _kind(text: str) -> str:
    bare = folded(text)
    word = service_word(bare)
    spelled = word.replace("a型", "A型").replace("b型", "B型")
    return spelled if spelled in _KINDS else ""
