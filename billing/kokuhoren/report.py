"""確かめた結果: one file's findings for a page: counted all, shown as many as somebody reads."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from billing.kokuhoren.checker import FileCheck
from billing.kokuhoren.findings import Finding
from billing.kokuhoren.readable import ReadLine, readable

MOST_FINDINGS = 200
# A file of another kind has a fault in every line: nobody waits for their number.
MOST_COUNTED = 2_000
LINES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as people read it, with what was found in it."""

    line: ReadLine
    findings: tuple[Finding, ...]

    @property
    def has_fault(self) -> bool:
        """Whether one of them is to be put right."""
        return not all(each.is_doubt for each in self.findings)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found: `findings` the first of them by line, `shown` a part of the file from `first` on.

    `is_cut`: there were so many that the rest was neither read nor counted.
    """

    lines: int
    people: int
    faults: int
    doubts: int
    findings: tuple[Finding, ...]
    shown: tuple[ShownLine, ...]
    first: int
    is_cut: bool

    @property
    def left_out(self) -> int:
        """How many findings are not in the list."""
        return self.faults + self.doubts - len(self.findings)

    @property
    def last(self) -> int:
        """The last line that is shown."""
        return self.shown[-1].line.line if self.shown else 0


def report(source: bytes, name: str, first: int | None) -> FileReport:
    """Check a file and read `LINES_SHOWN` lines of it, from `first` or from the first finding on.

    A `first` behind the end shows the last lines.
    """
    check = FileCheck(BytesIO(source), name)
    kept: list[Finding] = []
    faults = doubts = 0
    for finding in check.findings():
        faults += not finding.is_doubt
        doubts += finding.is_doubt
        if len(kept) < MOST_FINDINGS:
            kept.append(finding)
        if faults + doubts == MOST_COUNTED:
            break
    kept.sort(key=lambda each: (each.is_doubt, each.line))
    begin = first or next((each.line for each in kept if each.line), 1)
    begin = max(1, min(begin, check.lines - LINES_SHOWN + 1 if begin > check.lines else begin))
    shown = tuple(
        ShownLine(line, tuple(each for each in kept if each.line == line.line))
        for line in readable(BytesIO(source), begin, LINES_SHOWN)
    )
    return FileReport(
        check.lines,
        check.people,
        faults,
        doubts,
        tuple(kept),
        shown,
        begin,
        faults + doubts == MOST_COUNTED,
    )
