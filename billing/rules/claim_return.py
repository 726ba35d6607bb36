"""返戻の事由: what 国保連's 返戻等一覧表 says of a claim that came back. Pure.

The codes are 国保連's and change without the product: a code is taken as it is printed (docs/rules.md §8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CODE_LENGTH = 20
WORDS_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """事由 of one returned claim: the day of the list, the code and the words on it."""

    returned_on: date
    code: str
    words: str

    @property
    def text(self) -> str:
        """The code and the words in one line."""
        return "　".join(filter(None, (self.code, self.words)))
