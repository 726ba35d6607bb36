"""職場適応援助者養成研修修了者配置体制加算: who has the training, who works as 就労定着支援員, on the last day."""

from __future__ import annotations

from datetime import date

import pytest

from billing.rules.trained_worker import Lack, Training, lack_on

LAST = date(2026, 2, 28)
BEFORE, AFTER = date(2026, 2, 27), date(2026, 3, 1)
WORKER, OTHER = 1, 2


@pytest.mark.parametrize(
    ("trainings", "lack"),
    [
        ([], Lack.NO_TRAINING),
        ([Training(WORKER, AFTER, None)], Lack.NO_TRAINING),
        ([Training(WORKER, LAST, None)], None),
        ([Training(WORKER, None, None)], None),
        ([Training(OTHER, None, None)], Lack.NOT_IN_POST),
        ([Training(WORKER, None, BEFORE)], Lack.RAN_OUT),
        ([Training(WORKER, None, LAST)], None),
        ([Training(WORKER, None, BEFORE), Training(WORKER, BEFORE, AFTER)], None),
        ([Training(WORKER, None, BEFORE), Training(OTHER, None, None)], Lack.RAN_OUT),
    ],
)
def test_what_is_lacking(trainings, lack):
    assert lack_on(trainings, {WORKER}, LAST) == lack


def test_without_a_worker_in_post():
    assert lack_on([Training(WORKER, None, None)], (), LAST) == Lack.NOT_IN_POST
