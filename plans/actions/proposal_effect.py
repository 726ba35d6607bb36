"""What an accepted 区への提案 does: the same actions as on the ward's own pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.actions.employment import employer_named
from clients.actions.facts import succeed_fact
from clients.models import Employment, Residence
from plans.actions import life_change
from plans.actions.application import receive_application
from plans.actions.revocation import end_decision
from plans.models import Application, Decision, Proposal
from plans.queries.decision_change import why_outside
from plans.queries.proposal import decision_to_end
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of

Kind = Proposal.Kind
# Whose refusals may come back when an accepted proposal is carried out.
TOUCHED = (Proposal, Application, Residence, Employment, Decision)


def carry_out(row: Proposal, *, by: Membership, at: datetime) -> Application | None:
    """Do what `row` proposes; what the office has recorded itself since is left as it is.

    Returns the application that a renewal or a change opens. Raises ValidationError with whatever
    the ward's own actions refuse.
    """
    who = {"by": by, "at": at}
    if row.kind in (Kind.RENEWAL, Kind.CHANGE):
        return _receive(row, who)
    effects = {Kind.END: _end, Kind.ADDRESS: _move_house, Kind.JOB: _change_job}
    effects[Kind(row.kind)](row, who)
    return None


def refuse_outside(decision: Decision, day: date) -> None:
    """Refuse a last day that does not lie in the decision's period.

    Raises ValidationError at `ends_on`.
    """
    if problem := why_outside(decision, day):
        raise ValidationError({"ends_on": problem})


def _receive(row: Proposal, who: dict[str, Any]) -> Application:
    kinds = Application.Kind
    return receive_application(
        client=row.decision.client,
        municipality=row.decision.keeper,
        kind=kinds.RENEWAL if row.kind == Kind.RENEWAL else kinds.CHANGE,
        received_on=date_of(who["at"]),
        received_place=Application.Place.WARD_OFFICE,
        handed_in_by=row.enrolment.office.name,
        **who,
    )


def _end(row: Proposal, who: dict[str, Any]) -> None:
    assert row.ends_on is not None  # noqa: S101  (the database holds it)
    decision = decision_to_end(row)
    refuse_outside(decision, row.ends_on)
    end_decision(decision=decision, on=row.ends_on, reason=_("事業所の提案による終了"), **who)


def _move_house(row: Proposal, who: dict[str, Any]) -> None:
    assert row.starts_on is not None  # noqa: S101  (the database holds it)
    homes = row.decision.client.residences.all()
    if homes.filter(starts_on=row.starts_on).exists():
        return
    home = Residence(
        client=row.decision.client, municipality=row.municipality, address=row.value,
        starts_on=row.starts_on,
    )  # fmt: skip
    succeed_fact(home, siblings=homes, verb="residence_recorded", **who)


def _change_job(row: Proposal, who: dict[str, Any]) -> None:
    assert row.starts_on is not None  # noqa: S101  (the database holds it)
    client = row.decision.client
    former = client.employments.filter(ends_on=None, starts_on__lt=row.starts_on).first()
    if former is not None and row.ends_on is not None:
        life_change.end_employment(
            employment=former, ends_on=row.ends_on, reason=_("転職"),
            changes_to_improve=row.changes_to_improve, **who,
        )  # fmt: skip
    if not client.employments.filter(starts_on=row.starts_on).exists():
        life_change.add_employment(
            client=client, employer=employer_named(name=row.value), kind="ordinary",
            starts_on=row.starts_on, must_not_contact=row.must_not_contact, **who,
        )  # fmt: skip
