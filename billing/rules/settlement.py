"""本人との精算 of a month whose sum changes: what goes back, what is asked for anew. Pure; sums in yen.

What is to be done hangs on what came, not on the change alone: of an invoice that nobody has paid
nothing goes back. Before a correction the office is told so, and the person by the paper after it.
"""

from __future__ import annotations

from dataclasses import dataclass

from teikyaku.money import yen


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person's month asked for, what it asks for now, and what was paid and not given back."""

    before_yen: int
    after_yen: int
    kept_yen: int

    @property
    def back_yen(self) -> int:
        """What is to be given back: paid, and not asked for any more."""
        return max(0, self.kept_yen - self.after_yen)

    @property
    def rest_yen(self) -> int:
        """What is still to be paid."""
        return max(0, self.after_yen - self.kept_yen)

    @property
    def office_words(self) -> str:
        """What the office does about the person's money; empty where the sum stays."""
        if self.before_yen == self.after_yen:
            return ""
        if not self.before_yen:
            return f"本人に{yen(self.after_yen)}の請求書を出します。"
        return f"請求書を{yen(self.after_yen)}で出し直します。{self._of_what_came}"

    @property
    def _of_what_came(self) -> str:
        came = f"受け取った{yen(self.kept_yen)}"
        if self.back_yen and not self.after_yen:
            return f"{came}を、本人に返します。"
        if self.back_yen:
            return f"{came}のうち、本人に{yen(self.back_yen)}を返します。"
        if self.kept_yen and self.rest_yen:
            return f"{came}を引いた残りの{yen(self.rest_yen)}を、本人に請求します。"
        if self.kept_yen:
            return "もう受け取っているので、返すお金も残りもありません。"
        lessens = self.after_yen < self.before_yen
        return "まだ支払われていないので、返すお金はありません。" if lessens else ""

    @property
    def paper_words(self) -> str:
        """The same in plain words, for the person; empty where nothing is paid, now or before."""
        if self.back_yen:
            return (
                f"これまでに{self.kept_yen:,}円をお支払いいただいているので、{self.back_yen:,}円をお返しします。"
                "返し方は、事業所からお知らせします。"
            )
        if self.kept_yen and self.rest_yen:
            return (
                f"これまでに{self.kept_yen:,}円をお支払いいただいています。"
                f"残りの{self.rest_yen:,}円をお支払いください。"
            )
        if self.kept_yen:
            return "もうお支払いいただいているので、新しいお支払いはありません。"
        if self.after_yen:
            return "前の請求書は使わず、この請求書でお支払いください。"
        return ""
