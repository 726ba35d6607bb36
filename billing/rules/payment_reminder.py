"""お支払いのお知らせ: who gets a letter about what is late, and why somebody does not. Pure.

docs/rules.md §8, §9: what is open; after a death nothing that is written for the person. How soon a
second letter may go is a figure of this software.
"""

from __future__ import annotations

from datetime import date, timedelta

from teikyaku.era import both

DIED = "亡くなった記録があります。お知らせは出しません。支払いについては、ご家族と話してください。"
# Of who has left, not even a death is told.
GONE = "いまは支援していません。お知らせは出しません。ご家族か支払者に確かめてください。"
PENDING = "口座振替の結果を待っています。お知らせは、結果を読み込んでから出せます。"
NOTHING_LATE = "支払期限を過ぎた請求はありません。"


def next_on(last_on: date, again_days: int) -> date:
    """The first day on which another letter may go, after one of `last_on`."""
    return last_on + timedelta(days=again_days)


def why_none(
    *,
    is_late: bool,
    has_died: bool,
    is_death_told: bool,
    last_on: date | None,
    on: date,
    again_days: int,
    is_pending: bool = False,
) -> str:
    """Why a person gets no letter on day `on`; empty where one may go.

    `is_death_told`: whether the office still worked with the person when they died; `last_on`: the
    day of the last letter; `is_pending`: all that is late waits for the result of a 口座振替.
    """
    if has_died:
        return DIED if is_death_told else GONE
    if is_pending:
        return PENDING
    if not is_late:
        return NOTHING_LATE
    if last_on is not None and on < (again := next_on(last_on, again_days)):
        return f"{both(last_on)}に出しました。次は{both(again)}から出せます。"
    return ""
