"""指摘: what is wrong in a file, where, and why, in words that somebody can act on."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE_LINE = "行全体"
WHOLE_FILE = "ファイル全体"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, or (`is_doubt`) something to look at that may be right; line 0 is the whole file."""

    line: int
    field: str
    reason: str
    is_doubt: bool = False

    def __str__(self) -> str:
        return f"{self.line}: {self.field}: {self.reason}"
