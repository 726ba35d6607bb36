"""口座振替: the records of a debit file and of its result, 120 bytes each. Pure.

The order of fields is that of the 全銀協 format for 預金口座振替 (service kind 91) as banks describe it
[M]: each bank has particulars of its own, so the office asks its bank before the first file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.kokuhoren.fields import half_kana
from billing.rules.claim_calendar import SATURDAY, rest_day
from clients.rules.kinds import Labelled
from teikyaku.periods import Month

LENGTH = 120
ENCODING = "cp932"  # half-width kana are the single bytes of JIS X 0201 in it
SERVICE = "91"
MOST_ROWS = 999_999
# 銀行法施行令: banks rest from December 31 to January 3, offices already from December 29.
BANKS_WORK = ((12, 29), (12, 30))
# Places in the first record: 委託者コード, and the day of the debit (月日).
COLLECTOR, DAY = slice(4, 14), slice(54, 58)
BANK_NAME, COLLECTOR_NAME, HOLDER_NAME = 15, 40, 30
_SIGNS = " ()-./,｢｣\\"
# ｦ to ﾟ without the small letters and the long mark, which banks do not take.
_KANA = "ｦ" + "".join(chr(code) for code in range(0xFF71, 0xFFA0))
ALLOWED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" + _SIGNS + _KANA)
_LARGE = str.maketrans("ｧｨｩｪｫｬｭｮｯｰ", "ｱｲｳｴｵﾔﾕﾖﾂ-")
# What has no half-width form, in the letters and signs that banks write for it [M].
_PLAIN = str.maketrans("ヰヱヵヶヮゐゑゕゖゎ−￥¥", "イエカケワイエカケワ-\\\\")


class Novelty(Labelled):
    """新規コード what a debit tells the bank of its account [M]."""

    KNOWN = "0", "その他"
    FIRST = "1", "第1回"
    CHANGED = "2", "口座の変更"


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


@dataclass(frozen=True, slots=True)
class ResultFile:
    """What a bank sent back: whose debits of which day, and what came of each."""

    header: str
    lines: tuple[ResultLine, ...]

    def is_of(self, header: str) -> bool:
        """Whether it answers the file with that header, as far as the bank has filled its own in."""
        return all(
            not self.header[part].strip(" 0") or self.header[part] == header[part]
            for part in (COLLECTOR, DAY)
        )


class DebitFileError(ValueError):
    """A result file cannot be read; the message says in which record and why."""


def bank_rest(day: date) -> str:
    """Why banks rest on a day; empty where they work. Not the equinoxes, which are announced."""
    is_open = (day.month, day.day) in BANKS_WORK and day.weekday() < SATURDAY
    return "" if is_open else rest_day(day)


def next_debit_day(on: date, usual_day: int, lead_days: int) -> date:
    """The next debit day of an office whose file can still be sent on day `on`, never `on` itself.

    The usual day of a month, its last one in a shorter month; where banks rest, the day after [M].
    """
    month = Month.of(on)
    while True:
        day = month.first_day.replace(day=min(usual_day, month.last_day.day))
        while bank_rest(day):
            day += timedelta(days=1)
        if day > on and day - timedelta(days=lead_days) >= on:
            return day
        month += 1


def as_written(text: str) -> str:
    """The text as a file writes it: half-width, capitals, small kana large, the long mark a hyphen."""
    return half_kana(text.translate(_PLAIN)).translate(_LARGE)


def unwritable(text: str) -> str:
    """The characters that a file cannot hold, each once."""
    found = dict.fromkeys(c for c in as_written(text) if c not in ALLOWED)
    # An accent of its own would be seen by nobody: it is told on a ring.
    return "".join(f"◌{c}" if unicodedata.combining(c) else c for c in found)


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


def data(account: Account, holder: str, amount_yen: int, customer: int, novelty: Novelty) -> str:
    """データレコード: one debit; `customer` is any number by which the result is found again."""
    return _record(
        "2", account.bank_code, _name(account.bank_name, BANK_NAME), account.branch_code,
        _name(account.branch_name, BANK_NAME), " " * 4, account.kind, account.number,
        _name(holder, HOLDER_NAME), f"{amount_yen:010d}", novelty,
        f"{customer:020d}", "0",
    )  # fmt: skip


def novelty_of(account: Account, former: str, *, was_debited_before: bool) -> Novelty:
    """新規コード of an account; `former` is the record of the person's last debit, empty without one.

    `was_debited_before`: with other software, so that the bank knows the account.
    """
    if not former:
        return Novelty.KNOWN if was_debited_before else Novelty.FIRST
    known = (former[1:5], former[20:23], former[42], former[43:50])
    own = (account.bank_code, account.branch_code, account.kind, account.number)
    return Novelty.KNOWN if own == known else Novelty.CHANGED


def trailer(count: int, total_yen: int) -> str:
    """トレーラレコード: how many and how much; what was debited is filled in by the bank."""
    return _record("8", f"{count:06d}", f"{total_yen:012d}", "0" * 36)


def file_bytes(head: str, rows: Sequence[str], total_yen: int, *, ends_lines: bool) -> bytes:
    """The whole file; `ends_lines` puts CR LF behind each record."""
    records = [head, *rows, trailer(len(rows), total_yen), _record("9")]
    end = "\r\n" if ends_lines else ""
    return "".join(record + end for record in records).encode(ENCODING)


def read_results(body: bytes) -> ResultFile:
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
    _check_told(ends[0], lines)
    return ResultFile(records[0], tuple(lines))


def _check_told(end: str, lines: Sequence[ResultLine]) -> None:
    """What the bank says it debited and did not, where it says it at all, is what its rows say."""
    told = end[19:55]
    if not told.strip(" 0"):
        return
    paid = _sums(row for row in lines if row.code == DebitCode.PAID)
    rest = _sums(row for row in lines if row.code != DebitCode.PAID)
    if told != f"{paid[0]:06d}{paid[1]:012d}{rest[0]:06d}{rest[1]:012d}":
        raise DebitFileError("振替済みと不能の件数か金額が、トレーラレコードの合計と合いません。")


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
    # Some banks put an end of file (0x1A) behind the last record, with or without a line end.
    text = text.rstrip("\x1a\r\n").replace("\r", "").replace("\n", "")
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
