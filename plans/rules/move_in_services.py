"""移行の取込: the kind of the service before the job, where it stands in the name of its office.

Pure: text in, words out.
"""

from __future__ import annotations

import re

from plans.rules.move_in_words import folded, service_word

_IN_BRACKETS = re.compile(r"[（(〔\[【]([^（()）〔〕\[\]【】]+)[）)〕\]】][ 　]*$")
# What an office may be called by, as `service_word` reads it; the longer ones first.
_NAMED = re.compile(
    r"(就労移行支援|就労移行|移行支援|就労継続支援[ab]型|就労継続[ab]型|[ab]型|自立訓練|生活訓練|機能訓練|生活介護)"
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


def _kind(text: str) -> str:
    bare = folded(text)
    word = service_word(bare)
    spelled = word.replace("a型", "A型").replace("b型", "B型")
    return spelled if spelled in _KINDS else ""
