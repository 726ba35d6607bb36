"""いつから使えるか of people who were referred: by the facts that the keeper of the record may know.

An office whose work has ended knows what was on file then, a ward whose file has left what was on
file when it left: only the passing of time brings them somebody back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from clients.models import Employment, Enrolment, Leave, PriorService, Referral, Screening
from clients.queries.facts import WorkingLife, life_of, working_lives
from clients.queries.known_before import known_before
from clients.rules.referral import eligible_after
from plans.queries.referral_keeper import keeper_of
from plans.queries.ward_sight import sight_of
from teikyaku.clock import end_of
from teikyaku.periods import Period


def eligible_days(referral: Referral) -> Period | None:
    """The days on which the screening would let the person use the service; None where there are none.

    It depends on no day but those of the facts.
    """
    life = _life(referral)
    return eligible_after(
        life.employments,
        life.services,
        referral.referred_on,
        has_difficulties=_has_difficulties(referral),
    )


def differing_referrals(
    referrals: Iterable[Referral],
) -> Iterator[tuple[Referral, Period | None]]:
    """Those whose stored days are not what the rule says, with what it says."""
    for row in referrals:
        days = eligible_days(row)
        stored = (row.eligible_from, row.eligible_until)
        if stored != ((days.starts_on, days.ends_on) if days else (None, None)):
            yield row, days


def _life(referral: Referral) -> WorkingLife:
    keeper = keeper_of(referral)
    if keeper is not None:
        # The day is only for what is in force: a life is all of it.
        return sight_of(referral.client, keeper, referral.referred_on).life()
    own = Enrolment.objects.filter(client=referral.client_id, office=referral.office_id)
    last = own.order_by("-starts_on", "-pk").first()
    if last is None:
        return WorkingLife()
    if last.ends_on is None:
        return working_lives([referral.client_id])[referral.client_id]
    return _life_until(last)


def _life_until(enrolment: Enrolment) -> WorkingLife:
    """What was on file when the office's work ended, or when that was written down."""
    history: Any = Enrolment.history  # type: ignore[attr-defined]
    written = history.filter(id=enrolment.pk, ends_on__isnull=False).order_by("history_date")
    moment = end_of(enrolment.ends_on)  # type: ignore[arg-type]
    for row in written[:1]:
        moment = max(moment, row.history_date)
    about = {"client": enrolment.client_id}
    jobs = known_before(Employment, moment, **about)
    leaves = known_before(Leave, moment, employment__in=[job.pk for job in jobs])
    return life_of(jobs, known_before(PriorService, moment, **about), leaves)


def _has_difficulties(referral: Referral) -> bool | None:
    """As this keeper asked it last and kept the answer."""
    rows = Screening.objects.filter(
        client=referral.client_id,
        recorded_by__office=referral.office_id,
        recorded_by__municipality=referral.municipality_id,
    ).order_by("-screened_on", "-pk")
    last = rows.values_list("inputs", flat=True).first()
    answer = (last or {}).get("has_difficulties")
    return answer if isinstance(answer, bool) else None
