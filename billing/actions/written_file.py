"""A 請求ファイル as it is written: checked before it is kept, kept before it is handed out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from billing.enums import ClaimFamily
from billing.kokuhoren.checker import FileCheck
from billing.kokuhoren.findings import Finding
from billing.models import ClaimFile, ClaimFileContent, ClaimFileEntry
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.models import Membership, Office
from teikyaku.periods import Month


class FaultyFile(Exception):
    """The check found faults in what was written: our mistake. `findings` says which, by file."""

    def __init__(self, name: str, findings: tuple[Finding, ...]) -> None:
        self.name = name
        self.findings = findings
        super().__init__(name)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The bytes of a file, not kept yet. Money in yen."""

    family: ClaimFamily
    name: str
    content: bytes
    lines: int
    person_months: Mapping[int, str]
    """The keys of the closed months that stand in it → the number of the municipality, as written."""
    total_cost_yen: int = 0
    benefit_yen: int = 0
    is_sample: bool = False

    def check(self) -> None:
        """Raises FaultyFile where the check finds a fault in what was written."""
        findings = FileCheck(self.content, self.name).findings()
        faults = tuple(finding for finding in findings if not finding.is_doubt)
        if faults:
            raise FaultyFile(self.name, faults)


def joined(lines: Iterable[bytes]) -> tuple[bytes, int]:
    """The lines as one, and how many they are."""
    kept = list(lines)
    return b"".join(kept), len(kept)


def keep_file(
    *, office: Office, month: Month, processed: Month, number: int, written: WrittenFile,
    by: Membership, at: datetime,
) -> ClaimFile:  # fmt: skip
    """Keep a written file with its bytes and with who stands in it."""
    file = ClaimFile.objects.create(
        office=office,
        month=month.first_day,
        processing_month=processed.first_day,
        family=written.family,
        number=number,
        name=written.name,
        digest=hashlib.sha256(written.content).hexdigest(),
        lines=written.lines,
        people=len(written.person_months),
        total_cost_yen=written.total_cost_yen,
        benefit_yen=written.benefit_yen,
        is_sample=written.is_sample,
        recorded_by=by,
        recorded_at=at,
    )
    ClaimFileContent.objects.create(file=file, content=written.content)
    ClaimFileEntry.objects.bulk_create(
        ClaimFileEntry(file=file, person_month_id=key, municipality_code=code)
        for key, code in written.person_months.items()
    )
    audit(verb="claim_file_made", subject=file, by=by, at=at)
    return file
