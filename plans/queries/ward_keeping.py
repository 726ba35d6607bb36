"""What of a person a ward's file holds, and which files of a ward are due.

A decision, certificate or cap that an office works by is its transcription of the paper too: where a
ward erases its file and an office still keeps one, it stays without the ward's words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from clients.models import Client, KeepingHold, Referral
from clients.queries.keeping import KeptFile, document_part, standing_hold, with_holds
from clients.queries.keeping_rows import Preview
from clients.rules.keeping import Keeping, keeping, latest_end
from plans.models import (
    Application,
    ApplicationDocument,
    CapPeriod,
    Certificate,
    CompletionRequest,
    Decision,
    ExpirySettlement,
    FileTransfer,
    PendingGrant,
    Proposal,
    ServiceUsePlan,
    Survey,
    WardPaper,
)
from plans.queries.keeping import has_office_file, last_parts, proposal_parts
from teikyaku.accounts.models import IssuedDocument, Municipality
from teikyaku.erasing import Count, Part, counted, part
from teikyaku.reasons import Reason


@dataclass(frozen=True, slots=True)
class WardFile:
    """What lies with one ward of one person."""

    applications: tuple[int, ...]
    decisions: tuple[int, ...]
    ends: tuple[date | None, ...]
    """The last day of each decision, and of each application that led to none; None while open."""


def ward_file(client: Client, ward: Municipality) -> WardFile:
    """The decisions that the ward keeps, their applications, and its own without a decision."""
    decisions = _kept(ward).filter(client=client)
    applications = Application.objects.filter(
        Q(decision__in=decisions) | Q(municipality=ward, decision=None), client=client
    )
    loose = applications.filter(decision=None).values_list("outcome_on", flat=True)
    return WardFile(
        tuple(applications.values_list("pk", flat=True)),
        tuple(decisions.values_list("pk", flat=True)),
        (*decisions.values_list("ends_on", flat=True), *loose),
    )


def ward_kept_file(client: Client, ward: Municipality, years: int) -> KeptFile | None:
    """The ward's file of a person by its time of keeping; None while something runs, or without one."""
    file = ward_file(client, ward)
    kept = keeping(file.ends, years)
    if kept is None:
        return None
    return KeptFile(client, kept, len(file.ends), standing_hold(client, ward=ward))


def ward_due_files(ward: Municipality, on: date, years: int) -> list[KeptFile]:
    """The ward's files whose time of keeping is over on `on`, held ones too, the oldest first."""
    limit = latest_end(on, years)
    loose = Application.objects.filter(municipality=ward, decision=None)
    running = Exists(loose.filter(client=OuterRef("client"), outcome_on=None))
    later = Exists(loose.filter(client=OuterRef("client"), outcome_on__gt=limit))
    granted = _grouped(_kept(ward).exclude(running).exclude(later), "ends_on", limit)
    decided = Exists(_kept(ward).filter(client=OuterRef("client"), ends_on__gt=limit))
    refused = _grouped(loose.exclude(running).exclude(decided), "outcome_on", limit)
    rows: dict[int, tuple[Keeping, int]] = {}
    for key in granted.keys() | refused.keys():
        found = [each[key] for each in (granted, refused) if key in each]
        kept = keeping([last for last, _n in found], years)
        if kept is not None and kept.is_due(on):
            rows[key] = (kept, sum(n for _last, n in found))
    return with_holds(rows, KeepingHold.objects.all().filter(municipality=ward))


def ward_parts(client: Client, ward: Municipality) -> list[Part]:
    """The ward's records about the person, those first that hang on others.

    With an office's file beside it, decisions, certificates and caps stay as that office's
    transcription (see `transcriptions`), and so do the proposals that it keeps.
    """
    file = ward_file(client, ward)
    papers = WardPaper.objects.filter(
        Q(application__in=file.applications) | Q(decision__in=file.decisions)
    )
    documents = list(papers.values_list("document", flat=True))
    return [
        part(WardPaper, "pk", papers.values_list("pk", flat=True)),
        part(IssuedDocument, "pk", documents, chain="replaces"),
        document_part(client, ward=ward),
        *(
            part(model, "application", file.applications)
            for model in (
                CompletionRequest, ApplicationDocument, PendingGrant, Survey, ServiceUsePlan,
            )
        ),
        part(FileTransfer, "pk", _transfers(client, ward).values_list("pk", flat=True)),
        part(
            KeepingHold, "pk",
            KeepingHold.objects.filter(client=client, municipality=ward).values_list("pk", flat=True),
        ),
        part(
            ExpirySettlement, "pk",
            ExpirySettlement.objects.filter(client=client, municipality=ward).values_list("pk", flat=True),
        ),
        part(
            Referral, "pk",
            Referral.objects.filter(client=client, municipality=ward).values_list("pk", flat=True),
        ),
        *_decision_parts(client, ward, file),
        part(Application, "pk", file.applications),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transcriptions:
    """The ward's rows that stay for an office, by key."""

    decisions: tuple[int, ...]
    certificates: tuple[int, ...]
    caps: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.decisions) + len(self.certificates) + len(self.caps)


def transcriptions(client: Client, ward: Municipality) -> Transcriptions:
    """What of the ward's file an office works by that still keeps its own; empty without one."""
    file = ward_file(client, ward)
    if not has_office_file(client):
        return Transcriptions((), (), ())
    certificates = Certificate.objects.filter(decision__in=file.decisions)
    return Transcriptions(
        file.decisions,
        tuple(certificates.values_list("pk", flat=True)),
        tuple(_caps(client, ward).values_list("pk", flat=True)),
    )


def _kept(ward: Municipality) -> QuerySet[Decision]:
    return Decision.objects.all().kept_by(ward.pk).filter(is_transcribed=False)


def _grouped(rows: QuerySet, field: str, limit: date) -> dict[int, tuple[date, int]]:
    found: dict[int, tuple[date, int]] = {}
    grouped = rows.order_by().values("client").annotate(last=Max(field)).filter(last__lte=limit)
    counts: dict[int, int] = {}
    keys = [row["client"] for row in grouped]
    for key in rows.filter(client__in=keys).values_list("client", flat=True):
        counts[key] = counts.get(key, 0) + 1
    for row in grouped:
        found[row["client"]] = (row["last"], counts.get(row["client"], 1))
    return found


def _transfers(client: Client, ward: Municipality) -> QuerySet[FileTransfer]:
    """Offers from or to the ward, unless the other ward still keeps a file of the person."""
    rows = FileTransfer.objects.filter(
        Q(from_municipality=ward) | Q(to_municipality=ward), client=client
    ).select_related("from_municipality", "to_municipality")
    gone = []
    for row in rows:
        other = (
            row.to_municipality if row.from_municipality_id == ward.pk else row.from_municipality
        )
        if not ward_file(client, other).ends:
            gone.append(row.pk)
    return FileTransfer.objects.filter(pk__in=gone)


def _caps(client: Client, ward: Municipality) -> QuerySet[CapPeriod]:
    """The caps that a ward set: by this ward, or by the one whose decision it took over."""
    payers = _kept(ward).filter(client=client).values("municipality")
    return CapPeriod.objects.filter(
        Q(municipality=ward) | Q(municipality__in=payers),
        client=client, recorded_by__municipality__isnull=False,
    )  # fmt: skip


def _decision_parts(client: Client, ward: Municipality, file: WardFile) -> Iterable[Part]:
    proposals = Proposal.objects.filter(decision__in=file.decisions)
    if has_office_file(client):
        return proposal_parts(proposals.filter(enrolment__is_erased=True))
    return [
        *proposal_parts(proposals),
        part(Certificate, "decision", file.decisions),
        part(CapPeriod, "pk", _caps(client, ward).values_list("pk", flat=True)),
        part(Decision, "pk", file.decisions),
    ]


def is_last_ward_file(client: Client, ward: Municipality) -> bool:
    """Whether nobody else, office or ward, keeps a file of the person."""
    return not has_office_file(client) and not _other_wards(client, ward)


def ward_counts(client: Client, ward: Municipality) -> tuple[Count, ...]:
    """What erasing the ward's file takes, by kind; with the last file, the shared facts too."""
    is_last = is_last_ward_file(client, ward)
    return counted([*ward_parts(client, ward), *(last_parts(client) if is_last else [])])


def _other_wards(client: Client, ward: Municipality) -> bool:
    own = ward_file(client, ward)
    decisions = Decision.objects.filter(client=client, is_transcribed=False)
    applications = Application.objects.filter(client=client)
    return (
        decisions.exclude(pk__in=own.decisions).exists()
        or applications.exclude(pk__in=own.applications).exists()
    )


def ward_preview(client: Client, ward: Municipality) -> Preview:
    """What erasing a ward's file takes, what stays and why, and whether it is the last file."""
    is_last = is_last_ward_file(client, ward)
    stays = []
    if not is_last:
        text = _(
            "氏名・住所・就労など、共通の情報：ほかに記録を保存するところがあるあいだは残ります。"
        )
        stays.append(Reason("keeping.core", text))
    if has_office_file(client) and (kept := transcriptions(client, ward).count):
        text = _(
            "支給決定・受給者証・上限額 %(n)d件：事業所の写しでもあるため、区の言葉を除いて残ります。"
        )
        stays.append(Reason("keeping.transcribed", text % {"n": kept}))
    audit = _("操作の記録と消去の記録：だれがいつ何をしたか。氏名や内容は入っていません。")
    stays.append(Reason("keeping.audit", audit))
    return Preview(ward_counts(client, ward), tuple(stays), (), is_last)
