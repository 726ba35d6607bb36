"""The sentences of the job-change rule (docs/rules.md §2), apart from the rule that picks them."""

from __future__ import annotations

from datetime import date

from clients.rules.citing import by_source, day, not_settled
from teikyaku.reasons import Reason

_NEW_WINDOW = "あらためて障害福祉サービスを利用してから就職すると、新しい期間が始まります。"


def joined(left_on: date, until: date, next_on: date) -> Reason:
    """The first change, in time, for better conditions."""
    return by_source(
        2,
        "job_change.joined",
        f"{day(left_on)}の離職から1か月以内（{day(until)}まで）の、{day(next_on)}に始まる就職です。"
        "労働条件をよくするための転職なので、就労は続いているものとし、"
        "期間は最初の就職から数えます。",
    )


def left_and_open(left_on: date, until: date) -> Reason:
    """Left, and nothing is known of a next job yet."""
    return by_source(
        2,
        "job_change.open",
        f"仕事の最後の日は{day(left_on)}です。労働条件をよくするための最初の転職として"
        f"{day(until)}までに次の就職をすると、就労が続いているものとして数えます。",
    )


def too_late(left_on: date, until: date, next_on: date) -> Reason:
    """The next job began after the month."""
    return by_source(
        2,
        "job_change.too_late",
        f"{day(left_on)}に離職し、次の就職は{day(next_on)}です。"
        f"就労が続いているものとして数えられるのは{day(until)}までの就職のため、"
        f"この期間は{day(left_on)}までになります。{_NEW_WINDOW}",
    )


def not_improving(left_on: date) -> Reason:
    """The job was not left for better conditions."""
    return by_source(
        2,
        "job_change.not_improving",
        f"{day(left_on)}の離職は、労働条件をよくするための転職ではないとのことです。"
        f"そのため、この期間は{day(left_on)}までになります。{_NEW_WINDOW}",
    )


def second_change(left_on: date) -> Reason:
    """Only the first change joins."""
    return by_source(
        2,
        "job_change.second",
        "就労が続いているものとして数えられる転職は最初の1回です。"
        f"{day(left_on)}の離職は2回目のため、この期間は{day(left_on)}までになります。{_NEW_WINDOW}",
    )


def purpose_unknown(left_on: date) -> Reason:
    """A next job in time, but nobody has said why the former was left."""
    return by_source(
        2,
        "job_change.purpose_unknown",
        f"{day(left_on)}の離職から1か月以内の就職です。"
        "労働条件をよくするための転職かどうかを確かめると、期間が続くかどうかが決まります。",
    )


def maybe_second_change(left_on: date) -> Reason:
    """The earlier change fell into the first six months: whether it counts is open."""
    return not_settled(
        2,
        "job_change.maybe_second",
        f"{day(left_on)}の離職の前に、最初の6か月の間の転職があります。"
        "それが1回目に数えられるかどうかは、支給決定をする市区町村に確認してください。",
    )


def early_change() -> Reason:
    """A change in the first six months: whether it uses up the one is open."""
    return not_settled(
        2,
        "job_change.early",
        "最初の6か月の間の転職です。続いているものとして数えられる1回に"
        "当たるかどうかは、支給決定をする市区町村に確認してください。",
    )


def broken_early(left_on: date) -> Reason:
    """The employment ended before the window opened."""
    return not_settled(
        2,
        "job_change.broken_early",
        f"{day(left_on)}の離職は、利用できる期間が始まる前です。次の就職から6か月を"
        "数え直せるかどうかは、支給決定をする市区町村に確認してください。",
    )


def overlap(left_on: date) -> Reason:
    """Two jobs at once, of which the earlier ended."""
    return not_settled(
        2,
        "job_change.overlap",
        f"{day(left_on)}に離れた仕事と次の仕事の期間が重なっています。"
        "転職として数えるかどうかは、支給決定をする市区町村に確認してください。",
    )


def between_jobs() -> Reason:
    """A day in the gap of a joined change: whether its month can be billed is open."""
    return not_settled(
        2,
        "job_change.gap_month",
        "離職してから次の就職までの日です。この間の月を請求できるかどうかは、市に確認してください。",
    )


def nothing_followed(left_on: date, until: date) -> Reason:
    """The month went by without a next job."""
    return by_source(
        2,
        "job_change.nothing_followed",
        f"{day(left_on)}に離職し、{day(until)}までの就職の記録がないため、"
        f"この期間は{day(left_on)}までになります。{_NEW_WINDOW}",
    )
