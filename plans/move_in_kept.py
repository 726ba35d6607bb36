"""移行の取込: what is on file otherwise and stays, in words, and which fields of a line such words are about."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plans.move_in_columns import BY_LABEL

_MARK = "が登録とちがいます"
# What is said of several fields together.
_TOGETHER = {
    "就労": ("employer", "employed_on"),
    "就職前のサービス": ("service_kind", "service_office", "service_from", "service_until"),
    "支給決定期間": ("granted_from", "granted_until", "decided_on", "issued_on", "amount"),
    "初期加算": ("initial_month",),
    "住所": ("address", "lives_in", "lives_from"),
}


def differs(what: str, file: str, on_file: str) -> str:
    """What is on file otherwise and stays."""
    text = _("%(what)sが登録とちがいます（変えません）：ファイル「%(file)s」、登録「%(held)s」")
    return text % {"what": what, "file": file, "held": on_file or _("なし")}


def kept_labels(words: Iterable[str]) -> list[str]:
    """What of a line is on file otherwise, by name and without its values."""
    return [what for what, mark, _rest in (word.partition(_MARK) for word in words) if mark]


def kept_fields(words: Iterable[str]) -> set[str]:
    """The fields of a line of which such words say that they do not come in."""
    found: set[str] = set()
    for word in words:
        what, mark, _rest = word.partition(_MARK)
        if mark and what in _TOGETHER:
            found |= {*_TOGETHER[what]}
        elif mark and what in BY_LABEL:
            found.add(BY_LABEL[what].field)
    return found
