"""請求ファイルを確かめる: the lines around the data, their order, every value, and what must agree.

Shares the layouts with the writer and nothing else, so that it can find the writer's faults too. It
holds one person at a time, and for the end the sums of each municipality and who has been seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from billing.kokuhoren.check_cap import cap_findings
from billing.kokuhoren.check_fields import field_findings
from billing.kokuhoren.check_invoice import InvoiceCheck
from billing.kokuhoren.check_record import record_findings
from billing.kokuhoren.check_statement import statement_findings
from billing.kokuhoren.check_values import (
    Group,
    doubt,
    fault,
    is_sample_code,
    month,
    number,
)
from billing.kokuhoren.findings import WHOLE_FILE, WHOLE_LINE, Finding
from billing.kokuhoren.layouts import CONTROL, DATA, END, record
from billing.kokuhoren.reader import Row, read
from teikyaku.accounts.rules.municipality import checks_itself

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,7}\.[Cc][Ss][Vv]")
_TEN_DIGITS = re.compile(r"[0-9]{10}")
# Which families stand in one file.
_TOGETHER = {"J111": "J11", "J121": "J11", "J611": "J61", "J411": "J41"}
# By what 国保連 knows a part of a file: office, 処理対象年月, family, month, municipality, certificate number.
Place = tuple[str, ...]
# Of a person's lines: the types in their order; all but the first may come several times.
_TYPES = {
    "J121": ("01", "02", "03", "04", "05"),
    "J611": ("01", "02"),
    "J411": ("01", "02"),
}
_PLACES = {"J411:01": (3, 5, 7, 6)}  # month, municipality, certificate, office
_USUAL_PLACES = (3, 4, 6, 5)


class FileCheck:
    """One walk over a file; `lines` and `people` are known after `findings` has been walked."""

    def __init__(self, source: bytes | BinaryIO, name: str = "") -> None:
        self.lines = 0
        self.people = 0
        self._source = source
        self._name = name
        self._control: Row | None = None
        self._end: Row | None = None
        self._data = 0
        self._first_family = ""
        self._before: Row | None = None
        self._group: Group | None = None
        self._seen: dict[tuple[str, ...], int] = {}
        self._invoices = InvoiceCheck()
        self._samples = 0

    def findings(self) -> Iterator[Finding]:
        """Every finding, in the order in which it is known; sums of the whole file come last."""
        if self._name and not _NAME.fullmatch(self._name):
            reason = "英字で始まる半角8文字までの名前に .CSV を付けます（送る前に名前を直してください）。"
            yield Finding(0, "ファイル名", reason, is_doubt=True)
        for row in read(self._source):
            self.lines = row.line
            yield from row.findings
            yield from field_findings(row)
            yield from self._frame(row)
            if row.kind == DATA:
                self._data += 1
                yield from self._taken(row)
            self._before = row
        yield from self._closed_group()
        yield from self._at_the_end()
        yield from self._invoices.findings()

    def places(self) -> Iterator[tuple[Place, int]]:
        """(what, line) of each J111 and each person's part, after `findings`: in one month it is sent once."""
        if self._control is None:
            return
        sent = (self._control.text(7), self._control.text(10))
        for key, line in self._invoices.heads():
            yield (*sent, "J111", *key), line
        for person, line in self._seen.items():
            yield (*sent, *person), line

    # --- The lines around the data ---------------------------------------------------------------

    def _frame(self, row: Row) -> Iterator[Finding]:
        if row.number != str(row.line).encode():
            shown = row.number[:20].decode("cp932", "replace")
            yield Finding(row.line, "レコード番号", f"「{shown}」：この行は{row.line}です。")
        if self._end is not None:
            yield Finding(row.line, WHOLE_LINE, "エンド行より後に行があります。")
        if row.kind == CONTROL and row.line == 1:
            self._control = row
            yield from _office_number(row, 7)
        elif row.kind == CONTROL:
            yield Finding(row.line, WHOLE_LINE, "コントロール行は1行目だけです。")
        elif row.line == 1:
            yield Finding(1, WHOLE_LINE, "1行目がコントロール行（1で始まる行）ではありません。")
        if row.kind == END:
            self._end = row

    def _at_the_end(self) -> Iterator[Finding]:
        if not self.lines:
            yield Finding(0, WHOLE_FILE, "ファイルに何も入っていません。")
            return
        if self._end is None:
            yield Finding(self.lines, WHOLE_FILE, "エンド行（3で始まる行）がありません。")
        if self._samples:
            reason = f"見本のコード（ZZで始まる）が{self._samples:,}か所にあります。国保連には送れません。"
            yield Finding(0, "サービスコード", reason, is_doubt=True)
        if not self._data:
            yield Finding(0, WHOLE_FILE, "データの行（2で始まる行）がありません。")
        if self._control is None:
            return
        said = number(self._control, 4)
        if said is not None and said != self._data:
            yield fault(self._control, 4, f"データの行は{self._data:,}行あります。")
        kind = self._control.text(5)
        expected = _TOGETHER.get(self._first_family, "")
        if self._first_family and kind != expected:
            reason = f"最初のデータの行は{self._first_family}なので、{expected}です。"
            yield fault(self._control, 5, reason)

    # --- The data --------------------------------------------------------------------------------

    def _taken(self, row: Row) -> Iterator[Finding]:
        if row.record is None:
            yield from self._closed_group()
            return
        family = row.record.family
        yield from self._together(row, family)
        yield from self._keys(row)
        if family == "J111":
            yield from self._closed_group()
            yield from self._invoices.add_line(row, self._before)
            return
        if self._begins(row):
            yield from self._closed_group()
            self._group = Group(family)
        assert self._group is not None  # noqa: S101  (begun above)
        self._group.rows.append(row)
        if family == "J121" and row.record.type in ("03", "05") and is_sample_code(row.text(7)):
            self._samples += 1

    def _begins(self, row: Row) -> bool:
        group = self._group
        return group is None or row.key.endswith(":01") or _key(group.first) != _key(row)

    def _together(self, row: Row, family: str) -> Iterator[Finding]:
        self._first_family = self._first_family or family
        if _TOGETHER[family] != _TOGETHER[self._first_family]:
            reason = (
                f"{self._first_family}のファイルに{family}は入れません。ファイルを分けてください。"
            )
            yield Finding(row.line, "交換情報識別番号", reason)

    def _keys(self, row: Row) -> Iterator[Finding]:
        """Month, municipality, certificate and office of a line, and the line's place in time."""
        month_at, municipality_at, certificate_at, office_at = _PLACES.get(row.key, _USUAL_PLACES)
        yield from _office_number(row, office_at)
        control = self._control
        if control is not None and row.text(office_at) != control.text(7):
            yield fault(row, office_at, f"コントロール行の事業所番号は「{control.text(7)}」です。")
        claimed, processed = month(row, month_at), month(control, 10) if control else None
        if claimed and processed and claimed >= processed:
            yield fault(
                row, month_at, f"処理対象年月（{processed.label}）より前の月ではありません。"
            )
        code = row.text(municipality_at)
        if code.isascii() and code.isdigit() and len(code) == 6 and row.key.endswith(":01"):  # noqa: PLR2004
            if not code.strip("0"):
                yield fault(row, municipality_at, "0だけの番号は「未設定」です。")
            elif not checks_itself(code):
                yield doubt(
                    row,
                    municipality_at,
                    "番号の最後の桁が計算と合いません。受給者証と比べてください。",
                )
        if row.record and row.record.family != "J111":
            certificate = row.text(certificate_at)
            if certificate and not _TEN_DIGITS.fullmatch(certificate):
                yield fault(row, certificate_at, "受給者証番号は数字10桁です。")

    def _closed_group(self) -> Iterator[Finding]:
        group, self._group = self._group, None
        if group is None:
            return
        self.people += 1
        key = _key(group.first)
        if key in self._seen:
            place = _PLACES.get(group.first.key, _USUAL_PLACES)[2]
            yield fault(group.first, place, f"この方のこの月は{self._seen[key]}行目にもあります。")
        self._seen.setdefault(key, group.first.line)
        yield from _order(group)
        if group.family == "J121":
            yield from statement_findings(group)
            self._invoices.add_statement(group)
        elif group.family == "J611":
            processed = month(self._control, 10) if self._control else None
            yield from record_findings(group, processed)
        else:
            yield from cap_findings(group)


def _key(row: Row) -> tuple[str, ...]:
    """Whose line it is: family, month, municipality, certificate."""
    month_at, municipality_at, certificate_at, _office = _PLACES.get(row.key, _USUAL_PLACES)
    family = row.record.family if row.record else ""
    return family, row.text(month_at), row.text(municipality_at), row.text(certificate_at)


def _office_number(row: Row, position: int) -> Iterator[Finding]:
    if row.text(position) and not _TEN_DIGITS.fullmatch(row.text(position)):
        yield fault(row, position, "事業所番号は数字10桁です。")


def _order(group: Group) -> Iterator[Finding]:
    """The types of a person's lines in their order, none missing."""
    latest = ""
    for row in group.rows:
        kind = row.record.type if row.record else ""
        if kind < latest:
            yield fault(row, 2, f"{latest}の行より前に置きます。")
        latest = max(latest, kind)
    for kind in _TYPES[group.family]:
        if not group.of(kind):
            shape = record(f"{group.family}:{kind}")
            yield Finding(
                group.first.line,
                WHOLE_LINE,
                f"この方の{shape.label}（{shape.key}）の行がありません。",
            )
