"""`manage.py check_claim_file FILE…`: is a claim file sound? Any file, ours or another's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.kokuhoren.checker import FileCheck, Place
from billing.kokuhoren.findings import WHOLE_LINE, Finding

# As a shell tells of a program that ended because nobody read on (128 + SIGPIPE).
GONE = 141


class Command(BaseCommand):
    """Reads files and says where something does not agree; touches no database."""

    help = (
        "国保連に送る請求ファイルを確かめます。直すところがあれば、終了コード1で終わります。"
        "「（確認）」の付くもの（ファイル名など）は中身の誤りではないので、終了コードには入りません。"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One file or several."""
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print `file:line: field: reason` of each finding; raises CommandError where one is a fault."""
        self._sent: dict[Place, tuple[str, int]] = {}
        try:
            faults = sum(self._checked(name) for name in options["files"])
            self.stdout.flush()
        except BrokenPipeError:
            # Whoever reads has seen enough (`| head`): no fault of a file. What is still to be written
            # at the end goes nowhere, or Python would complain of it.
            with suppress(OSError):  # where it is no file at all
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(GONE)
        if faults:
            raise CommandError(f"直すところが{faults:,}件あります。")

    def _checked(self, name: str) -> int:
        """How many faults a file has; a file that cannot be opened has one."""
        path = Path(name)
        try:
            file = path.open("rb")
        except OSError as error:
            self.stdout.write(f"{name}:0: ファイル全体: 開けませんでした（{error.strerror}）。")
            return 1
        faults = 0
        with file:
            check = FileCheck(file, path.name)
            for finding in self._read(name, check):
                faults += not finding.is_doubt
                mark = "（確認）" if finding.is_doubt else ""
                self.stdout.write(f"{name}:{finding}{mark}")
            self._twice(name, check)
        if not faults:
            said = f"{check.lines:,}行、{check.people:,}人分。直すところは見つかりませんでした。"
            self.stdout.write(f"{name}: {said}")
        return faults

    def _read(self, name: str, check: FileCheck) -> Iterator[Finding]:
        """The findings; a file that cannot be read to its end, as a folder or a torn disk, has one more."""
        try:
            yield from check.findings()
        except OSError as error:
            yield Finding(0, "ファイル全体", f"読めませんでした（{error.strerror}）。")

    def _twice(self, name: str, check: FileCheck) -> None:
        """What an earlier one of the files holds too: to be looked at, as one of both may only be an old version."""
        for place, line in check.places():
            other = self._sent.setdefault(place, (name, line))
            if other[0] == name:
                continue
            what = "この市町村の請求書" if place[2] == "J111" else "この方のこの月"
            reason = f"{what}は、同じ処理月の{other[0]}の{other[1]}行目にもあります。送るのは片方だけです。"
            self.stdout.write(f"{name}:{Finding(line, WHOLE_LINE, reason, is_doubt=True)}（確認）")
