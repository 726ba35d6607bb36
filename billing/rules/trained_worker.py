"""職場適応援助者養成研修修了者配置体制加算: does somebody who completed the training work as 就労定着支援員? Pure.

Source: docs/rules.md §7 (S): the training of 職場適応援助者, completed by a 就労定着支援員 in post. Readings [?]:
the last day of a month decides, as it does for 人員欠如; a training with a last day holds up to that day;
which training it is, the name says under which the office keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# One of them stands in the name of the training, whoever held it and however the office writes it.
NAMES = ("職場適応援助者", "ジョブコーチ")


class Lack(StrEnum):
    """What the addition lacks by the facts."""

    NO_TRAINING = "no_training"
    """Nobody of the office has the training on file."""
    NOT_IN_POST = "not_in_post"
    """Who has it does not work as 就労定着支援員."""
    RAN_OUT = "ran_out"
    """Who has it and works so has it no more."""


@dataclass(frozen=True, slots=True)
class Training:
    """One person's training; None: the day was not written down, or it holds without an end."""

    user: int
    obtained_on: date | None
    valid_until: date | None


def lack_on(trainings: Sequence[Training], workers: Collection[int], on: date) -> Lack | None:
    """What is lacking on `on`; None where a 就労定着支援員 (`workers`: their users) has the training."""
    completed = [row for row in trainings if row.obtained_on is None or row.obtained_on <= on]
    if not completed:
        return Lack.NO_TRAINING
    posted = [row for row in completed if row.user in workers]
    if not posted:
        return Lack.NOT_IN_POST
    holds = any(row.valid_until is None or on <= row.valid_until for row in posted)
    return None if holds else Lack.RAN_OUT
