"""Files by their time of keeping: what an office may erase, and what of the person a file holds here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from clients.models import (
    Client,
    ClientName,
    Consent,
    Disability,
    Employment,
    Enrolment,
    Erasure,
    HouseholdFact,
    KeepingHold,
    Leave,
    OtherSupport,
    PriorService,
    RecipientNumber,
    Referral,
    RelatedPerson,
    Residence,
    Screening,
    StaffAssignment,
    WorkCheck,
)
from clients.rules.keeping import Keeping, keeping, latest_end
from teikyaku.accounts.models import IssuedDocument, Municipality, Office
from teikyaku.accounts.queries.figures import figure
from teikyaku.erasing import Part, ids_ever, part
from teikyaku.figures import Figure
from teikyaku.periods import Month

YEARS = "keeping.years"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file whose service has ended, with its time of keeping and what holds it back."""

    client: Client
    keeping: Keeping
    ends: int
    """How many uses (or decisions) it holds."""
    hold: KeepingHold | None

    def is_held(self, on: date) -> bool:
        """Whether somebody held it back for `on`."""
        return self.hold is not None and (self.hold.until is None or on <= self.hold.until)


def years_kept(on: date) -> Figure:
    """For how many years files are kept, as it holds on `on` (one query)."""
    return figure(YEARS, Month.of(on))


def due_clients(office: Office, on: date, years: int) -> QuerySet[Enrolment, dict[str, Any]]:
    """The office's people (`client`, `last`, `ends`) whose last use ended long enough ago.

    A first look in SQL: `clients.rules.keeping` says for each whether the day has come.
    """
    return (
        Enrolment.objects.filter(office=office)
        .order_by()
        .values("client")
        .annotate(
            last=Max("ends_on"), ends=Count("pk"), running=Count("pk", filter=Q(ends_on=None))
        )
        .filter(running=0, last__lte=latest_end(on, years))
    )


def due_files(office: Office, on: date, years: int) -> list[KeptFile]:
    """The office's files whose time of keeping is over on `on`, held ones too, the oldest first."""
    rows = {
        row["client"]: (kept, row["ends"])
        for row in due_clients(office, on, years)
        if (kept := keeping([row["last"]], years)) and kept.is_due(on)
    }
    return with_holds(rows, KeepingHold.objects.all().filter(office=office))


def with_holds(
    rows: dict[int, tuple[Keeping, int]], holds: QuerySet[KeepingHold]
) -> list[KeptFile]:
    """The files by client, each with its standing hold among `holds` (two queries)."""
    held = {
        hold.client_id: hold
        for hold in holds.filter(client__in=list(rows), lifted_at=None).select_related(
            "recorded_by__user"
        )
    }
    people = Client.objects.in_bulk(list(rows))
    found = [KeptFile(people[key], *rows[key], held.get(key)) for key in rows]
    return sorted(found, key=lambda file: (file.keeping.due_on, file.client.pk))


def due_count(office: Office, on: date) -> int:
    """How many of the office's files wait for a decision: due and not held (three queries)."""
    files = due_files(office, on, int(years_kept(on).value))
    return sum(not file.is_held(on) for file in files)


def office_file(client: Client, office: Office, years: int) -> KeptFile | None:
    """The office's file of a person by its time of keeping; None while the service runs, or without one."""
    ends = list(
        Enrolment.objects.filter(client=client, office=office).values_list("ends_on", flat=True)
    )
    kept = keeping(ends, years)
    if kept is None:
        return None
    hold = standing_hold(client, office=office)
    return KeptFile(client, kept, len(ends), hold)


def standing_hold(
    client: Client, *, office: Office | None = None, ward: Municipality | None = None
) -> KeepingHold | None:
    """What holds this keeper's file back; also a hold whose last day has passed."""
    rows = KeepingHold.objects.all().standing().filter(client=client)
    return rows.filter(office=office, municipality=ward).select_related("recorded_by__user").first()


def erasures_of(
    *, office: Office | None = None, ward: Municipality | None = None
) -> QuerySet[Erasure]:
    """What this keeper erased, newest first; page this."""
    rows = Erasure.objects.filter(office=office, municipality=ward)
    return rows.select_related("erased_by__user")


def last_names(clients: Iterable[Client]) -> dict[int, ClientName]:
    """By client the name that began last (one query): the file is long over, and names went on."""
    rows = ClientName.objects.filter(client__in=[client.pk for client in clients])
    return {row.client_id: row for row in rows.order_by("starts_on")}


# --- What a file holds here -----------------------------------------------------------------------


def office_parts(
    client: Client, office: Office, *, shells: Iterable[int], signers: Iterable[int]
) -> list[Part]:
    """The office's own rows in this app; papers and their bytes go by `erase_attachments`.

    `shells`: enrolments that a ward's record still points to; they stay, emptied. `signers`: related
    people whom another office's record points to.
    """
    return parts_of_all([client], office, shells=shells, signers=signers)


def parts_of_all(
    clients: Collection[Client], office: Office, *, shells: Iterable[int] = (),
    signers: Iterable[int] = (),
) -> list[Part]:  # fmt: skip
    """As `office_parts`, of all these people (as many queries as of one)."""
    here = {"client__in": clients, "office": office}
    own = list(Enrolment.objects.filter(**here).values_list("pk", flat=True))
    mine = {"client__in": clients, "recorded_by__office": office}
    related = RelatedPerson.objects.filter(**mine).exclude(pk__in=list(signers))
    return [
        part(StaffAssignment, "enrolment", own),
        part(Consent, "enrolment", own),
        part(WorkCheck, "pk", WorkCheck.objects.filter(**here).values_list("pk", flat=True)),
        part(Screening, "pk", Screening.objects.filter(**mine).values_list("pk", flat=True)),
        part(Referral, "pk", Referral.objects.filter(**here).values_list("pk", flat=True)),
        part(RelatedPerson, "pk", related.values_list("pk", flat=True)),
        part(KeepingHold, "pk", KeepingHold.objects.filter(**here).values_list("pk", flat=True)),
        part(Enrolment, "pk", set(own) - set(shells)),
    ]  # fmt: skip


def core_parts(clients: Collection[Client]) -> list[Part]:
    """The shared facts of these people: for when nobody keeps a file any more."""
    keys = [client.pk for client in clients]
    return [
        part(Leave, "employment", ids_ever(Employment, "client", keys)),
        part(Employment, "client", keys),
        *(
            part(model, "client", keys)
            for model in (
                PriorService, RecipientNumber, RelatedPerson, Residence, HouseholdFact, Disability,
                OtherSupport, Screening, Referral, ClientName, KeepingHold, Enrolment,
            )
        ),
        part(Client, "pk", keys),
    ]  # fmt: skip


def document_part(
    client: Client, *, office: Office | None = None, ward: Municipality | None = None
) -> Part:
    """The frozen papers that this keeper issued about the person."""
    rows = IssuedDocument.objects.filter(
        person_id=client.public_id, issued_by__office=office, issued_by__municipality=ward
    )
    return part(IssuedDocument, "pk", rows.values_list("pk", flat=True), chain="replaces")


def all_documents(clients: Collection[Client]) -> Part:
    """Every frozen paper about these people, whoever issued it."""
    rows = IssuedDocument.objects.filter(person_id__in=[client.public_id for client in clients])
    return part(IssuedDocument, "pk", rows.values_list("pk", flat=True), chain="replaces")
