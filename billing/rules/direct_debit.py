"""口座振替: the records of a debit file and of its result, 120 bytes each. Pure.

The order of fields is that of the 全銀協 format for 預金口座振替 (service kind 91) as banks describe it
[M]: each bank has particulars of its own, so the office asks its bank before the first file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from billing.kokuhoren.fields import half_kana
from clients.rules.kinds import Labelled

LENGTH = 120
ENCODING = "cp932"  # half-width kana are the single bytes of JIS X 0201 in it
SERVICE = "91"
MOST_ROWS = 999_999
BANK_NAME, COLLECTOR_NAME, HOLDER_NAME = 15, 40, 30
_SIGNS = " ()-./,｢｣\\"
# ｦ to ﾟ without the small letters and the long mark, which banks do not take.
_KANA = "ｦ" + "".join(chr(code) for code in range(0xFF71, 0xFFA0))
ALLOWED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" + _SIGNS + _KANA)
_LARGE = str.maketrans("ｧｨｩｪｫｬｭｮｯｰ", "ｱｲｳｴｵﾔﾕﾖﾂ-")


class DebitCode(Labelled):
    """振替結果コード what the bank says of one debit."""

    PAID = "0", "振替済み"
    NO_FUNDS = "1", "資金不足"
    NO_ACCOUNT = "2", "取引なし"
    STOPPED = "3", "預金者の都合による振替停止"
    NO_CONSENT = "4", "口座振替依頼書なし"
    COLLECTOR = "8", "委託者の都合による振替停止"
    OTHER = "9", "その他"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a file names it; names in kana."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One debit of a result file. `customer` is the number that the debit file gave it; yen."""

    customer: int
    amount_yen: int
    code: str


class DebitFileError(ValueError):
    """A result file cannot be read; the message says in which record and why."""


def as_written(text: str) -> str:
    """The text as a file writes it: half-width, capitals, small kana large, the long mark a hyphen."""
    return half_kana(text).translate(_LARGE)


def unwritable(text: str) -> str:
    """The characters that a file cannot hold, each once."""
    return "".join(dict.fromkeys(c for c in as_written(text) if c not in ALLOWED))


def problem_of(label: str, text: str, length: int) -> str:
    """Why a name cannot be written; empty where it can."""
    if found := unwritable(text):
        return f"{label}に、書けない文字があります：{found}"
    if len(as_written(text)) > length:
        return f"{label}が{length}文字より長くなります（濁点も1文字に数えます）。"
    return ""


def header(collector_code: str, collector_name: str, debit_on: date, own: Account) -> str:
    """ヘッダーレコード: who collects, on which day, into which account."""
    return _record(
        "1", SERVICE, "0", collector_code, _name(collector_name, COLLECTOR_NAME),
        f"{debit_on:%m%d}", own.bank_code, _name(own.bank_name, BANK_NAME), own.branch_code,
        _name(own.branch_name, BANK_NAME), own.kind, own.number,
    )  # fmt: skip


def data(account: Account, holder: str, amount_yen: int, customer: int, *, is_first: bool) -> str:
    """データレコード: one debit; `customer` is any number by which the result is found again."""
    return _record(
        "2", account.bank_code, _name(account.bank_name, BANK_NAME), account.branch_code,
        _name(account.branch_name, BANK_NAME), " " * 4, account.kind, account.number,
        _name(holder, HOLDER_NAME), f"{amount_yen:010d}", "1" if is_first else "0",
        f"{customer:020d}", "0",
    )  # fmt: skip


def trailer(count: int, total_yen: int) -> str:
    """トレーラレコード: how many and how much; what was debited is filled in by the bank."""
    return _record("8", f"{count:06d}", f"{total_yen:012d}", "0" * 36)


def file_bytes(head: str, rows: Sequence[str], total_yen: int, *, ends_lines: bool) -> bytes:
    """The whole file; `ends_lines` puts CR LF behind each record."""
    records = [head, *rows, trailer(len(rows), total_yen), _record("9")]
    end = "\r\n" if ends_lines else ""
    return "".join(record + end for record in records).encode(ENCODING)


def read_results(body: bytes) -> list[ResultLine]:
    """The debits of a result file. Raises DebitFileError with the number of the record."""
    records = _records(body)
    if len(records) < 3 or not records[0].startswith("1" + SERVICE):  # noqa: PLR2004
        raise DebitFileError("口座振替（種別91）の結果ファイルではありません。")
    lines = [_result(record, at) for at, record in enumerate(records, 1) if record[0] == "2"]
    ends = [record for record in records if record[0] == "8"]
    if len(ends) != 1 or not ends[0][1:19].isdecimal():
        raise DebitFileError("トレーラレコード（8）が読めません。")
    if (int(ends[0][1:7]), int(ends[0][7:19])) != _sums(lines):
        raise DebitFileError("件数か金額が、トレーラレコードの合計と合いません。")
    return lines


def _sums(lines: Iterable[ResultLine]) -> tuple[int, int]:
    rows = list(lines)
    return len(rows), sum(row.amount_yen for row in rows)


def _records(body: bytes) -> list[str]:
    try:
        text = body.decode(ENCODING)
    except UnicodeDecodeError as error:
        raise DebitFileError(
            "文字が読めません。銀行から受け取ったままの形で選んでください。"
        ) from error
    text = text.rstrip("\x1a").replace("\r", "").replace("\n", "")
    if len(text) != len(text.encode(ENCODING)) or len(text) % LENGTH:
        raise DebitFileError(f"1レコード{LENGTH}バイトのファイルではありません。")
    return [text[at : at + LENGTH] for at in range(0, len(text), LENGTH)]


def _result(record: str, at: int) -> ResultLine:
    amount, customer, code = record[80:90], record[91:111], record[111]
    if not (amount.isdecimal() and customer.isdecimal()):
        raise DebitFileError(f"{at}番目のレコードの金額か顧客番号が、数字ではありません。")
    if code not in {each.value for each in DebitCode}:
        raise DebitFileError(f"{at}番目のレコードの結果コード「{code}」は、知らないコードです。")
    return ResultLine(int(customer), int(amount), code)


def _name(text: str, length: int) -> str:
    """A name in its field. Raises ValueError where it does not fit: it is asked about before."""
    written = as_written(text)
    if problem_of("", text, length):
        raise ValueError("a name that cannot be written")
    return written.ljust(length)


def _record(*fields: str) -> str:
    return "".join(fields).ljust(LENGTH)
