"""移行の取込: lines that part a table (担当：花田, 【終了者】), and what they say of the lines below them.

Pure: the cells of one line in, words out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from plans.rules.move_in_words import folded, is_remark

# So many cells of one text are merged over a line: nobody's name stands so.
_MERGED = 3
_FRAMED = re.compile(r"[【■◆●○◎▼▽★☆＜<〈《\[―—─=].*")
_WORDS = re.compile(
    r".*(?:担当者?[:：]|(?:終了|退所|退会|利用|契約|休止|待機|卒業|解約|満了)(?:者|中|済み?|の方|した方)).*"
)
_NOTE = re.compile(r"(?:次回|最終)?(?:更新|確認|見直し?|印刷|集計)(?:日|予定)?[:：].*")
_STAFF = re.compile(r"[【■◆●<\[]?(?:支援員|担当者?)[:：](?P<name>.+?)(?:[（(].*[)）])?[】>\]]?")
_OVER = re.compile(r"終了|退所|退会|卒業|解約|満了")
_PAUSED = re.compile(r"休止|休職|休業")
_NOT_OVER = re.compile(r"終了(?:予定|しない)|満了(?:予定|前)|利用中|継続")
# As much of it is shown.
_LONG = 60


def section_of(cells: Sequence[str]) -> str:
    """The text of a line that parts the table; "" for a line of somebody, and for sums and remarks."""
    filled = [cell for cell in cells if cell.strip()]
    if len(set(filled)) != 1 or is_remark(filled[0]):
        return ""
    text = filled[0].strip()
    bare = folded(text)
    is_told = len(filled) >= _MERGED or _FRAMED.fullmatch(bare) or _WORDS.fullmatch(bare)
    return text[:_LONG] if is_told else ""


def is_note(cells: Sequence[str]) -> bool:
    """Whether one text alone says when the table is looked at again: 「次回更新：R8.12.1」."""
    filled = {cell.strip() for cell in cells if cell.strip()}
    return len(filled) == 1 and bool(_NOTE.fullmatch(folded(filled.pop())))


def staff_of(section: str) -> str:
    """Whose people stand below it, 「担当：花田みさき（5名）」; "" where it does not say."""
    match = _STAFF.fullmatch(folded(section))
    return match["name"] if match else ""


def is_over(section: str) -> bool:
    """Whether those below it have ended: 「【退所者】」."""
    bare = folded(section)
    return bool(_OVER.search(bare)) and not _NOT_OVER.search(bare)


def is_paused(section: str) -> bool:
    """Whether those below it do not work at present: 「【休止中】」."""
    return bool(_PAUSED.search(folded(section))) and not is_over(section)
