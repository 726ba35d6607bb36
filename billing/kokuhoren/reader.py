"""請求ファイルを読む: any bytes into lines and fields, with what is wrong in their form. Never raises.

Everything stays bytes until it is needed: in CP932 no second byte of a character is a comma, a quote
or a line end, so a line can be taken apart before anybody knows whether it can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, NamedTuple

from billing.kokuhoren.findings import WHOLE_FILE, WHOLE_LINE, Finding
from billing.kokuhoren.layouts import CONTROL, DATA, END, LINE_KINDS, Record, records

ENCODING = "cp932"
# The longest record has 172 fields of some 700 bytes: what is far longer is no claim file.
LONGEST_LINE = 20_000
_HEAD = 2
_MARKS = {b"\xef\xbb\xbf": "UTF-8（BOM付き）", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@dataclass(frozen=True, slots=True)
class Row:
    """行: one line as bytes without its end, its record where it is known, and that record's values.

    `kind` is control, data, end or empty. `cells` are the values of the record alone (of a data line
    without the two values before it), without their quotes. `number` is the running number as written.
    """

    line: int
    raw: bytes
    kind: str
    number: bytes
    record: Record | None
    cells: tuple[bytes, ...]
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """J121:01; empty where the record is not known."""
        return self.record.key if self.record else ""

    def text(self, position: int) -> str:
        """The value at `position`, counted from 1; empty where the line is too short."""
        if position > len(self.cells):
            return ""
        return self.cells[position - 1].decode(ENCODING, "replace")

    def name(self, position: int) -> str:
        """What the field is called."""
        return self.record.field(position).name if self.record else WHOLE_LINE


def read(source: bytes | BinaryIO) -> Iterator[Row]:
    """Every line of a file, in order; nothing for an empty one."""
    file = BytesIO(source) if isinstance(source, bytes) else source
    line = 0
    while raw := file.readline(LONGEST_LINE + 1):
        line += 1
        if len(raw) > LONGEST_LINE:
            yield _too_long(line, raw)
            return
        yield _row(line, raw)


def _too_long(line: int, raw: bytes) -> Row:
    reason = f"行が長すぎます（{LONGEST_LINE:,}バイトを超えます）。ここから先は読んでいません。"
    if b"\r" in raw:
        reason = f"改行がCRだけです。CR LFにしてください。{reason}"
    return Row(line, raw[:200], "", b"", None, (), (Finding(line, WHOLE_LINE, reason),))


def _row(line: int, raw: bytes) -> Row:
    findings: list[Finding] = []
    body = _without_end(line, raw, findings)
    body = _in_encoding(line, body, findings)
    cells = _cells(line, body, findings)
    kind = LINE_KINDS.get(cells[0].decode("latin-1"), "")
    number = cells[1] if len(cells) > 1 else b""
    record = _record(line, kind, cells, findings)
    values = cells[_HEAD:] if kind == DATA else cells
    if record is not None and len(values) != len(record.fields):
        findings.append(
            Finding(
                line, WHOLE_LINE,
                f"{record.label}（{record.key}）の項目は{len(record.fields)}個です（いま{len(values)}個）。",
            )
        )  # fmt: skip
    return Row(line, body, kind, number, record, tuple(values), tuple(findings))


def _without_end(line: int, raw: bytes, findings: list[Finding]) -> bytes:
    if raw.endswith(b"\r\n"):
        return raw[:-2]
    if raw.endswith(b"\n"):
        findings.append(Finding(line, WHOLE_LINE, "改行がLFだけです。CR LFにしてください。"))
        return raw[:-1]
    reason = "行の終わりに改行（CR LF）がありません。"
    if b"\r" in raw:
        reason = "改行がCRだけです。CR LFにしてください。"
    findings.append(Finding(line, WHOLE_LINE, reason))
    return raw


def _in_encoding(line: int, body: bytes, findings: list[Finding]) -> bytes:
    """The line without a mark of another encoding; what cannot be read is told with its place."""
    for mark, name in _MARKS.items():
        if line == 1 and body.startswith(mark):
            findings.append(
                Finding(
                    line, WHOLE_FILE, f"文字コードが{name}です。シフトJIS（CP932）にしてください。"
                )
            )
            body = body[len(mark) :]
    try:
        body.decode(ENCODING)
    except UnicodeDecodeError as error:
        guess = "UTF-8で書かれているようです。" if _is_utf8(body) else ""
        findings.append(
            Finding(
                line, WHOLE_LINE,
                f"{error.start + 1}バイト目がシフトJIS（CP932）の文字として読めません。{guess}",
            )
        )  # fmt: skip
    return body


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _record(line: int, kind: str, cells: list[bytes], findings: list[Finding]) -> Record | None:
    if kind in (CONTROL, END):
        return records()[kind]
    if kind != DATA:
        said = cells[0].decode(ENCODING, "replace")[:20]
        findings.append(
            Finding(
                line, "レコード種別", f"「{said}」で始まる行はありません。1・2・3のどれかです。"
            )
        )
        return None
    key = b":".join(cells[_HEAD : _HEAD + 2]).decode(ENCODING, "replace")[:20]
    if key not in records():
        said = key.replace(":", " ").strip()
        findings.append(
            Finding(line, "交換情報識別番号", f"「{said}」というレコードは知りません。")
        )
    return records().get(key)


class _Cell(NamedTuple):
    """A value without its quotes, and whether it had any."""

    value: bytes
    is_quoted: bool = False


def _cells(line: int, body: bytes, findings: list[Finding]) -> list[bytes]:
    """The values between the commas, quotes taken off."""
    cells: list[_Cell] = []
    if b'"' not in body:
        cells = [_Cell(value) for value in body.split(b",")]
    at = 0
    while not cells or (b'"' in body and at <= len(body)):
        cell, at = _cell(line, body, at, len(cells) + 1, findings)
        cells.append(cell)
    findings += [
        Finding(line, f"{i}番目の値", '空白か全角文字があるので、「"」で囲んでください。')
        for i, cell in enumerate(cells, start=1)
        if cell.value and not cell.is_quoted and _wants_quotes(cell.value)
    ]
    return [cell.value for cell in cells]


def _wants_quotes(value: bytes) -> bool:
    """A blank or a two-byte character stands in quotes; a comma could not be told from an end."""
    return b" " in value or (
        not value.isascii() and len(value.decode(ENCODING, "replace")) < len(value)
    )


def _cell(
    line: int, body: bytes, at: int, number: int, findings: list[Finding]
) -> tuple[_Cell, int]:
    """The value that begins at `at`, and where the next begins."""
    where = f"{number}番目の値"
    if body[at : at + 1] != b'"':
        end = _next(body, b",", at)
        if b'"' in body[at:end]:
            findings.append(Finding(line, where, '値の途中に「"」があります。'))
        return _Cell(body[at:end]), end + 1
    end = _closing(body, at + 1)
    value = body[at + 1 : end].replace(b'""', b'"')
    if end == len(body):
        findings.append(Finding(line, where, '「"」が閉じていません。'))
        return _Cell(value, is_quoted=True), end + 1
    after = _next(body, b",", end)
    if after != end + 1:
        findings.append(Finding(line, where, '閉じた「"」のあとに文字があります。'))
    return _Cell(value, is_quoted=True), after + 1


def _closing(body: bytes, start: int) -> int:
    """Where the quote closes; the end of the line where it does not. A doubled one is a letter."""
    while (end := _next(body, b'"', start)) < len(body) and body[end + 1 : end + 2] == b'"':
        start = end + 2
    return end


def _next(body: bytes, what: bytes, start: int) -> int:
    found = body.find(what, start)
    return len(body) if found < 0 else found
