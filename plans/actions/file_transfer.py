"""区の引継ぎ within a city: offered, accepted, declined, or taken back (docs/rules.md §3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.actions.facts import succeed_fact
from clients.models import Client, Residence
from plans.models import Application, Decision, FileTransfer, PendingGrant
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.clock import date_of

Outcome = FileTransfer.Outcome


@transaction.atomic
def offer_file(
    *, client: Client, sender: Municipality, receiver: Municipality, moved_on: date, note: str,
    by: Membership, at: datetime,
) -> FileTransfer:  # fmt: skip
    """The ward that keeps a person's file offers it to another ward of its city.

    Raises ValidationError for a ward of another city, where a grant waits for its second officer,
    while another offer is open, and where nothing of the person is kept here.
    """
    if receiver.city_id is None or receiver.city_id != sender.city_id:
        raise ValidationError(
            {
                "to_municipality": _(
                    "同じ市の区を選んでください。ほかの市町村では、新しく申請します。"
                )
            }
        )
    open_ones = Application.objects.filter(client=client, municipality=sender, outcome="")
    if PendingGrant.objects.filter(application__in=open_ones, outcome="").exists():
        raise ValidationError(_("確認待ちの支給決定があります。先に確認するか、戻してください。"))
    if not open_ones.exists() and not _kept(client, sender).exists():
        raise ValidationError(_("この区に、引き継ぐ記録はありません。"))
    row = FileTransfer(
        client=client, from_municipality=sender, to_municipality=receiver, moved_on=moved_on,
        note=note,
    )  # fmt: skip
    return _save(row, "file_transfer_asked", by, at)


@transaction.atomic
def accept_file(
    *, transfer: FileTransfer, address: str = "", is_protected: bool = False, by: Membership,
    at: datetime,
) -> FileTransfer:  # fmt: skip
    """The receiving ward keeps the file from now on: decisions, and the application that runs.

    The municipality on a decision stays: it pays until the next decision (docs/rules.md §4).
    `address`: the new home, stored from the day of the move; "" leaves what is on file.
    Raises ValidationError for an offer that was settled, and where the person has already applied
    at the receiving ward.
    """
    row = _open(transfer)
    for decision in _kept(row.client, row.from_municipality).select_for_update():
        came_back = decision.municipality_id == row.to_municipality_id
        decision.passed_to = None if came_back else row.to_municipality
        _save_of(row, decision, "decision_transferred", by, at, ("passed_to",))
    # With a decision that still runs its application passes too: the final plan may be due on it.
    runs = Q(outcome="") | Q(
        decision__passed_to=row.to_municipality, decision__ends_on__gte=date_of(at)
    )
    running = Application.objects.filter(
        runs, client=row.client, municipality=row.from_municipality
    )
    for application in running.select_for_update(of=("self",)):
        application.municipality = row.to_municipality
        _save_of(row, application, "application_transferred", by, at, ("municipality",))
    if address:
        home = Residence(
            client=row.client, municipality=row.to_municipality, address=address,
            is_protected=is_protected, starts_on=row.moved_on,
        )  # fmt: skip
        succeed_fact(
            home, siblings=row.client.residences.all(), verb="residence_recorded", by=by, at=at
        )
    return _settle(row, Outcome.ACCEPTED, "", by, at)


@transaction.atomic
def decline_file(
    *, transfer: FileTransfer, reason: str, by: Membership, at: datetime
) -> FileTransfer:  # fmt: skip
    """The file stays where it is, with a reason that the other ward reads.

    Raises ValidationError for an offer that was settled.
    """
    return _settle(_open(transfer), Outcome.DECLINED, reason, by, at)


@transaction.atomic
def withdraw_offer(*, transfer: FileTransfer, by: Membership, at: datetime) -> FileTransfer:
    """Taken back by the ward that offered it, before the other one has answered.

    Raises ValidationError for an offer that was settled.
    """
    return _settle(_open(transfer), Outcome.WITHDRAWN, "", by, at)


def _kept(client: Client, ward: Municipality) -> Any:
    # What offices copied from paper is theirs and goes with the person, not with the file.
    return Decision.objects.filter(client=client, is_transcribed=False).kept_by(ward.pk)


def _open(transfer: FileTransfer) -> FileTransfer:
    row = FileTransfer.objects.select_for_update().get(pk=transfer.pk)
    if row.outcome:
        raise ValidationError(
            _("この引継ぎは、もう「%(how)s」になっています。") % {"how": row.get_outcome_display()}
        )
    return row


VERBS = {
    Outcome.ACCEPTED: "file_transfer_received",
    Outcome.DECLINED: "file_transfer_declined",
    Outcome.WITHDRAWN: "file_transfer_withdrawn",
}


def _settle(
    row: FileTransfer, outcome: FileTransfer.Outcome, reason: str, by: Membership, at: datetime
) -> FileTransfer:
    row.outcome, row.outcome_reason = outcome, reason
    row.outcome_by, row.outcome_at = by, at
    return _save(row, VERBS[outcome], by, at, ("outcome",))


def _save(
    row: FileTransfer, verb: str, by: Membership, at: datetime, fields: tuple[str, ...] = ()
) -> Any:
    return _save_of(row, row, verb, by, at, fields)


def _save_of(
    transfer: FileTransfer, row: Any, verb: str, by: Membership, at: datetime,
    fields: tuple[str, ...],
) -> Any:  # fmt: skip
    person = transfer.client.public_id
    return save_record(row, verb=verb, by=by, at=at, person_id=person, fields=fields)
