"""終了の理由 and what each brings about (docs/rules.md §9)."""

from datetime import date

import pytest

from clients.rules.ending import effects_of, ending
from clients.rules.kinds import EndReason


@pytest.mark.parametrize(
    ("reason", "is_sudden", "duty"),
    [
        pytest.param(EndReason.EXPIRED, False, True, id="expired"),
        pytest.param(EndReason.LEFT_JOB, True, False, id="left-job"),
        pytest.param(EndReason.MOVED, True, False, id="moved"),
        pytest.param(EndReason.OTHER_OFFICE, False, None, id="other-office"),
        pytest.param(EndReason.OWN_WISH, False, None, id="own-wish"),
        pytest.param(EndReason.DIED, True, False, id="died"),
    ],
)
def test_sudden_ends_fail_no_duty(reason, is_sudden, duty):
    effects = effects_of(reason)

    assert effects.is_sudden is is_sudden
    assert effects.is_planned is not is_sudden
    assert effects.has_handover_duty is duty


@pytest.mark.parametrize("reason", EndReason)
def test_every_reason_has_effects_of_its_own_name_and_an_explanation(reason):
    effects = effects_of(reason)

    assert effects.reason is reason
    assert effects.explanation.text
    assert effects_of(reason.value) is effects


@pytest.mark.parametrize(
    ("reason", "on", "is_stopped"),
    [
        pytest.param(EndReason.DIED, date(2026, 3, 14), False, id="died-day-before"),
        pytest.param(EndReason.DIED, date(2026, 3, 15), True, id="died-on-the-day"),
        pytest.param(EndReason.EXPIRED, date(2026, 3, 15), False, id="expired-last-day"),
        pytest.param(EndReason.EXPIRED, date(2026, 3, 16), True, id="expired-day-after"),
        pytest.param(EndReason.OWN_WISH, date(2026, 3, 15), False, id="wish-last-day"),
    ],
)
def test_after_a_death_everything_stops_on_that_day(reason, on, is_stopped):
    assert ending(reason, date(2026, 3, 15)).is_contact_stopped(on) is is_stopped


def test_only_leaving_the_job_opens_the_month_of_a_job_change():
    assert [reason for reason in EndReason if effects_of(reason).opens_job_change_month] == [
        EndReason.LEFT_JOB
    ]


def test_nobody_is_offered_a_handover_after_a_death():
    assert not effects_of(EndReason.DIED).offers_handover
    assert effects_of(EndReason.EXPIRED).offers_handover
