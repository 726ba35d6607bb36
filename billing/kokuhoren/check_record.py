"""実績記録票を確かめる: J611 01 with its days, and the days with the month."""

from __future__ import annotations

from collections.abc import Iterator

from billing.kokuhoren.check_values import Group, day, doubt, fault, month, number
from billing.kokuhoren.findings import Finding
from billing.kokuhoren.reader import Row
from teikyaku.periods import Month

# The head's sum, the days' field, and what may stand in it.
_COUNTED = ((37, 45, ("1",)), (123, 81, ("1",)), (146, 90, ("1", "2")))


def record_findings(group: Group, processed: Month | None) -> Iterator[Finding]:
    """Everything that does not agree inside one person's record, claimed in the month `processed`."""
    days = group.of("02")
    yield from _days(days)
    for head in group.of("01"):
        for sum_at, flag_at, allowed in _COUNTED:
            yield from _counted(head, days, sum_at, flag_at, allowed)
        if number(head, 37) == 0:
            yield doubt(head, 37, "算定する支援のない月です。")
        liaisons = number(head, 146)
        if liaisons is not None and liaisons > 1:
            yield fault(head, 146, "地域連携会議実施加算は、（Ⅰ）と（Ⅱ）を合わせて月1回までです。")
        claimed, first, shared = month(head, 3), day(head, 64), day(head, 153)
        if claimed and first and first > claimed.last_day:
            yield fault(head, 64, "サービス提供年月よりあとの日です。")
        elif claimed and first and not claimed.contains(first):
            yield doubt(
                head, 64, "サービス提供年月より前の日です。初期加算の月を確かめてください。"
            )
        if claimed and shared and shared < claimed.first_day:
            yield fault(head, 153, "サービス提供年月より前の日です。")
        if shared and processed and shared > processed.last_day:
            yield fault(head, 153, f"処理対象年月（{processed.label}）より後の日です。")


def _counted(
    head: Row, days: list[Row], sum_at: int, flag_at: int, allowed: tuple[str, ...]
) -> Iterator[Finding]:
    flagged = [row for row in days if row.text(flag_at)]
    for row in flagged:
        if row.text(flag_at) not in allowed:
            yield fault(row, flag_at, f"{'か'.join(allowed)}を書くか、空欄にします。")
    found = number(head, sum_at)
    if found is None and head.text(sum_at):
        return  # told at the field
    if (found or 0) != len(flagged):
        yield fault(
            head, sum_at, f"日ごとの「{_name(days, flag_at)}」のある日は{len(flagged)}日です。"
        )


def _name(days: list[Row], position: int) -> str:
    return days[0].name(position) if days else "行"


def _days(days: list[Row]) -> Iterator[Finding]:
    seen: dict[int, int] = {}
    latest = 0
    for row in days:
        claimed, which = month(row, 3), number(row, 9)
        if which is None:
            continue
        if which < 1 or (claimed and which > claimed.last_day.day):
            of = claimed.label if claimed else "この月"
            yield fault(row, 9, f"{of}にない日です。")
        if which in seen:
            yield fault(row, 9, f"同じ日が{seen[which]}行目にもあります。")
        elif which < latest:
            yield fault(row, 9, "日の順に並べます。")
        seen.setdefault(which, row.line)
        latest = max(latest, which)
