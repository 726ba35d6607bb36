"""Receiving an application of somebody new or known, in one step."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from clients.actions.client import register_person
from clients.actions.facts import refuse_future, succeed_fact
from clients.models import Client, Residence
from plans.actions.application import receive_application
from plans.models import Application
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.clock import date_of


@transaction.atomic
def receive_from_person(
    *,
    known: Client | None,
    name: str,
    kana: str,
    birth_date: date,
    address: str,
    municipality: Municipality,
    kind: str,
    received_on: date,
    received_place: str,
    handed_in_by: str,
    is_protected: bool = False,
    moved_on: date | None = None,
    contact_phone: str = "",
    contact_name: str = "",
    by: Membership,
    at: datetime,
) -> Application:
    """申請 of a person; somebody new is registered with the address that they stated.

    `is_protected`: 支援措置, the address is masked from its first moment on. `moved_on`: since when
    a known person lives at this address; without it what is on file stays, as their name does.
    Raises ValidationError when an application of theirs is open here.
    """
    client, since = known, moved_on
    if client is None:
        client = register_person(name=name, kana=kana, birth_date=birth_date, by=by, at=at)
        since = min(received_on, date_of(at))
    if since is not None:
        refuse_future(at=at, moved_on=since)
        home = Residence(
            client=client,
            municipality=municipality,
            address=address,
            is_protected=is_protected,
            starts_on=since,
        )
        succeed_fact(
            home, siblings=client.residences.all(), verb="residence_recorded", by=by, at=at
        )
    return receive_application(
        client=client,
        municipality=municipality,
        kind=kind,
        received_on=received_on,
        received_place=received_place,
        handed_in_by=handed_in_by,
        contact_phone=contact_phone,
        contact_name=contact_name,
        by=by,
        at=at,
    )
