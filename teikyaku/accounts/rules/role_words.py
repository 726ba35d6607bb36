"""役割 of an office in plain words, as lists of staff write them. Pure."""

from __future__ import annotations

import re
import unicodedata

from teikyaku.accounts.roles import Role

_WORDS = {
    Role.SERVICE_MANAGER: ("サービス管理責任者", "サビ管", "サビカン", "サ責", "サービス管理者"),
    Role.SUPPORT_WORKER: ("就労定着支援員", "定着支援員", "支援員", "支援担当"),
    Role.OFFICE_MANAGER: ("管理者", "所長", "施設長", "管理責任者"),
    Role.BILLING: ("請求担当", "請求", "請求事務", "事務", "事務員", "経理"),
}
_MEANT = {word: role for role, words in _WORDS.items() for word in words}
_BETWEEN = re.compile(r"[、,，/／・+＋;；\s]+|兼務|兼")
READ = "・".join(str(words[0]) for words in _WORDS.values())


class UnknownRole(ValueError):
    """A word that names no role of an office; the message says which are read."""


def roles_in(text: str) -> tuple[str, ...]:
    """The roles of a cell, in the order of the role table. Raises UnknownRole."""
    typed = re.sub(r"[()（）]", " ", unicodedata.normalize("NFKC", text))
    parts = [part for part in _BETWEEN.split(typed) if part]
    unknown = [part for part in parts if part not in _MEANT]
    if unknown:
        raise UnknownRole(
            f"「{unknown[0]}」が分かりません。{READ} のどれかを、兼務なら「、」で並べてください。"
        )
    found = {_MEANT[part] for part in parts}
    return tuple(role.value for role in Role if role in found)


def words_of(roles: tuple[str, ...]) -> str:
    """As the list shows them."""
    return "・".join(str(role.label) for role in Role if role.value in roles)
