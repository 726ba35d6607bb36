"""区の引継ぎ within a city: offered, accepted, declined, or taken back (docs/rules.md §3)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future, succeed_fact
from clients.models import Client, Residence
from plans.actions.application import receive_application
from plans.models import Application, Decision, FileTransfer, PendingGrant
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.clock import date_of

Outcome = FileTransfer.Outcome


@dataclass(frozen=True, slots=True)
class Received:
    """An application that was handed in at the counter of a ward that does not hold the file yet."""

    kind: str
    received_on: date
    received_place: str
    handed_in_by: str
    address: str
    is_protected: bool
    contact_phone: str = ""
    contact_name: str = ""

    @classmethod
    def of(cls, row: FileTransfer) -> Received:
        """As it was kept with the request."""
        day = date.fromisoformat(row.received["received_on"])
        return cls(**{**row.received, "received_on": day})


@transaction.atomic
def ask_for_file(
    *, client: Client, keeper: Municipality, receiver: Municipality, moved_on: date,
    received: Received, by: Membership, at: datetime,
) -> FileTransfer:  # fmt: skip
    """A person of another ward of the city applies here: their file is asked for.

    What was handed in is kept and received on its own day once the file has passed. Raises
    ValidationError for days ahead, a ward of another city, and while a request or offer is open.
    """
    refuse_future(at=at, moved_on=moved_on, received_on=received.received_on)
    _refuse_other_city(keeper, receiver)
    kept = {**asdict(received), "received_on": received.received_on.isoformat()}
    row = FileTransfer(
        client=client, from_municipality=keeper, to_municipality=receiver, moved_on=moved_on,
        is_requested=True, received=kept,
    )  # fmt: skip
    return _save(row, "file_transfer_requested", by, at)


def _refuse_other_city(sender: Municipality, receiver: Municipality) -> None:
    if receiver.city_id is None or receiver.city_id != sender.city_id:
        message = _("同じ市の区を選んでください。ほかの市町村では、新しく申請します。")
        raise ValidationError({"to_municipality": message})


@transaction.atomic
def offer_file(
    *, client: Client, sender: Municipality, receiver: Municipality, moved_on: date, note: str,
    by: Membership, at: datetime,
) -> FileTransfer:  # fmt: skip
    """The ward that keeps a person's file offers it to another ward of its city.

    Raises ValidationError for a move that is still to come, a ward of another city, where a grant
    waits for its second officer, while another offer is open, and where nothing of the person is
    kept here.
    """
    refuse_future(at=at, moved_on=moved_on)
    _refuse_other_city(sender, receiver)
    open_ones = Application.objects.filter(client=client, municipality=sender, outcome="")
    if _waits(open_ones):
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
    `address`: the new home, stored from the day of the move; "" leaves what is on file. Where the
    receiving ward asked for the file, what it had taken in says both, and is an application now,
    unless one that still runs has come along.
    Raises ValidationError for an offer that was settled, while a grant waits for its second officer,
    and where the person has already applied at the receiving ward.
    """
    row = _open(transfer)
    received = Received.of(row) if row.is_requested else None
    if received is not None:
        address, is_protected = received.address, received.is_protected
    # First the applications: what is being decided on one of them is decided before it is looked for.
    held = Application.objects.filter(client=row.client, municipality=row.from_municipality)
    list(held.select_for_update().order_by("pk"))
    _refuse_waiting(held, row, by)
    for decision in _kept(row.client, row.from_municipality).select_for_update():
        came_back = decision.municipality_id == row.to_municipality_id
        decision.passed_to = None if came_back else row.to_municipality
        _save_of(row, decision, "decision_transferred", by, at, ("passed_to",))
    # With a decision that still runs its application passes too: the final plan may be due on it.
    runs = Q(outcome="") | Q(
        decision__passed_to=row.to_municipality,
        decision__ends_on__gte=date_of(at),
        decision__is_cancelled=False,
    )
    running = Application.objects.filter(
        runs, client=row.client, municipality=row.from_municipality
    )
    is_undecided = running.filter(outcome="").exists()
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
    settled = _settle(row, Outcome.ACCEPTED, "", by, at)
    if received is not None and not is_undecided:
        receive_application(
            client=row.client, municipality=row.to_municipality, kind=received.kind,
            received_on=received.received_on, received_place=received.received_place,
            handed_in_by=received.handed_in_by, contact_phone=received.contact_phone,
            contact_name=received.contact_name, by=row.recorded_by, at=at,
        )  # fmt: skip
    return settled


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


def _waits(applications: QuerySet[Application]) -> bool:
    return PendingGrant.objects.filter(
        application__in=applications, application__outcome="", outcome=""
    ).exists()


def _refuse_waiting(applications: QuerySet[Application], row: FileTransfer, by: Membership) -> None:
    """Refuse to let a file pass with a draft: only the ward that wrote it can confirm or hand it back."""
    if not _waits(applications):
        return
    if by.municipality_id == row.from_municipality_id:
        raise ValidationError(_("確認待ちの支給決定があります。先に確認するか、戻してください。"))
    text = _(
        "%(ward)sで、支給決定の案がほかの職員の確認を待っています。"
        "%(ward)sが確認するか戻したあとで、引き受けられます。"
    )
    raise ValidationError(text % {"ward": row.from_municipality.full_name})


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
