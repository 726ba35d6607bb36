"""月の一覧 as its page shows it: four lists, what holds each back, and rows that say a reason once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from billing.queries.city_links import answer_url
from billing.queries.city_words import words_of
from billing.queries.mending import (
    able_roles,
    as_reduction,
    common_label,
    in_words,
    is_cut,
    is_up_to,
    label_of,
    mend_label,
    mending_url,
    only_reduces,
    short_label,
    whom_to_ask,
)
from billing.queries.month import MonthBoard, MonthEntry
from plans.queries.caseload import staff_names
from plans.rules.month import MonthState
from teikyaku.accounts.models import Membership
from teikyaku.accounts.way_back import WayBack, with_way_back
from teikyaku.addresses import address_of
from teikyaku.money import yen
from teikyaku.periods import Month
from teikyaku.reasons import Reason

TONES = {
    MonthState.READY: "success",
    MonthState.READY_REDUCED: "warning",
    MonthState.HELD: "warning",
    MonthState.NOT_BILLABLE: "neutral",
}


@dataclass(frozen=True, slots=True)
class MonthList:
    """One of the four lists: its key in the address, its people."""

    key: str
    label: str
    note: str
    entries: Sequence[Any]

    @property
    def count(self) -> int:
        """How many people."""
        return len(self.entries)

    @property
    def url(self) -> str:
        """The tab."""
        return f"?list={self.key}"


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many of a list are held back by one reason; the address shows them alone."""

    code: str
    label: str
    count: int
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Mend:
    """Where something is mended, and what one does there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of one person: short words, their own sentence where people differ, what mends it."""

    label: str
    text: str
    mend: Mend | None
    ask: str = ""
    """Whom the reader asks, and for what, where they cannot mend it themselves."""


@dataclass(frozen=True, slots=True)
class ReasonNote:
    """A reason of a list, said once above its people."""

    label: str
    text: str
    """The whole sentence; empty where it differs from person to person."""
    rule: str
    count: int
    """Of the whole list, not only of the page."""
    roles: str
    """Who mends it, said to a reader who cannot."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a list before the close."""

    entry: MonthEntry
    url: str
    mends: tuple[Mend, ...]
    whys: tuple[Why, ...]
    staff_name: str
    """Whom to ask: the member of staff in charge; only where something is to be mended."""
    lines: str
    """How the units come about, in one line; empty where nothing is computed."""
    sums: str
    """How the copayment comes about, in one line."""


@dataclass(frozen=True, slots=True)
class GroupReason:
    """A reason said once above the people of a group; what the office notified leads there."""

    code: str
    text: str
    rule: str
    url: str = ""
    url_label: str = ""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """People whose months have the same reasons: said once above them."""

    reasons: tuple[GroupReason, ...]
    tone: str
    count: int
    """Of the whole list, not only of the page."""
    rows: tuple[PersonRow, ...]


def month_lists(board: MonthBoard) -> tuple[MonthList, ...]:
    """Ready, held, not billable, closed."""
    return (
        MonthList("ready", _("請求できる"), _("締めると、この内容で確定します。"), board.ready),
        MonthList(
            "held",
            _("保留"),
            _("足りないものがそろうと請求できます。あとの月でも請求できます。"),
            board.held,
        ),
        MonthList(
            "not-billable", _("請求できない"), _("この月は請求しません。"), board.not_billable
        ),
        MonthList("closed", _("締めた"), "", board.closed),
    )


def reason_counts(shown: MonthList, code: str = "") -> tuple[ReasonCount, ...]:
    """What holds the people of a list back, the most frequent first; none for the closed
    list. What only reduces comes last."""
    if shown.key == "closed":
        return ()
    found: dict[str, list[Reason]] = defaultdict(list)
    cuts = set()
    for entry in shown.entries:
        for reason in entry.reasons:
            found[reason.code].append(reason)
            # Among the held it holds nobody back; among the ready all are reduced.
            if shown.key == "held" and only_reduces(reason, entry.support):
                cuts.add(reason.code)
    counts = sorted(found.items(), key=lambda item: (item[0] in cuts, -len(item[1]), item[0]))
    return tuple(
        ReasonCount(
            key,
            as_reduction(common_label(set(reasons))) if key in cuts else common_label(set(reasons)),
            len(reasons),
            f"{shown.url}&reason={key}",
            key == code,
        )
        for key, reasons in counts
    )


NONE_OF_THEM = 2


def with_reason(
    entries: Sequence[MonthEntry], code: str, reader: Membership | None = None
) -> list[MonthEntry]:
    """The people of a list whom a reason holds back; all for no reason. Same reasons stand together.

    What the reader can mend without asking anybody comes first.
    """
    kept = [e for e in entries if not code or any(r.code == code for r in e.reasons)]
    counts = Counter(_key(entry) for entry in kept)
    # What nothing holds back comes first; the board's order (kana) stays inside a group.
    firsts = {_key(entry): entry for entry in reversed(kept)}
    asked = {key: _needs_others(entry, reader) for key, entry in firsts.items()}
    return sorted(kept, key=lambda e: (_key(e) != (), asked[_key(e)], -counts[_key(e)], _key(e)))


def _needs_others(entry: MonthEntry, reader: Membership | None) -> int:
    """0: the reader can mend every reason that a page of ours mends, 1: some of them, 2: none."""
    if reader is None:
        return 0
    able = [roles for each in entry.reasons if (roles := able_roles(each, entry.support))]
    others = sum(not is_up_to(reader, roles) for roles in able)
    return 0 if not others else 1 if others < len(able) else NONE_OF_THEM


def row_groups(
    page: Sequence[MonthEntry],
    entries: Sequence[MonthEntry],
    reader: Membership,
    on: date,
    way: WayBack | None = None,
) -> list[RowGroup]:
    """The rows of one page, of `entries` in the order of `with_reason` (one query).

    `way`: the list that their links lead back to; the month's first one where nothing is said.
    """
    counts = Counter(_key(entry) for entry in entries)
    # Somebody with nothing to mend needs nobody to be asked.
    asked = [entry.support.enrolment_id for entry in page if entry.reasons]
    staff = staff_names(asked, on) if asked else {}
    groups = []
    for key, rows in groupby(page, key=_key):
        found = list(rows)
        first = found[0]
        groups.append(
            RowGroup(
                reasons=tuple(_said_once(each, first, reader) for each in _all(first)),
                tone=TONES[first.state],
                count=counts[key],
                rows=tuple(_row(entry, reader, staff, way) for entry in found),
            )
        )
    return groups


def _said_once(reason: Reason, first: MonthEntry, reader: Membership) -> GroupReason:
    url = mending_url(reason, first.support, reader) if is_cut(reason) else ""
    label = mend_label(reason) if url else ""
    return GroupReason(reason.code, reason.text, reason.rule, url, label)


def reason_notes(entries: Sequence[MonthEntry], reader: Membership) -> tuple[ReasonNote, ...]:
    """Each reason of a list once, the most frequent first."""
    found: dict[str, list[tuple[Reason, MonthEntry]]] = defaultdict(list)
    for entry in entries:
        for reason in (*entry.reasons, *entry.warnings):
            found[reason.code].append((reason, entry))
    kinds = sorted(found.values(), key=lambda each: (-len(each), each[0][0].code))
    return tuple(_note(each, reader) for each in kinds)


def _note(kind: list[tuple[Reason, MonthEntry]], reader: Membership) -> ReasonNote:
    reason, entry = kind[0]
    is_one = len({each.text for each, _entry in kind}) == 1
    roles = able_roles(reason, entry.support) if reason in entry.reasons else ()
    return ReasonNote(
        label=label_of(reason, entry.support)
        if is_one or short_label(reason) != reason.text
        else "",
        text=reason.text if is_one and reason.text != short_label(reason) else "",
        rule=reason.rule,
        count=len(kind),
        roles="" if is_up_to(reader, roles) else in_words(roles),
    )


def person_rows(
    page: Sequence[MonthEntry],
    entries: Sequence[MonthEntry],
    reader: Membership,
    on: date,
    way: WayBack | None = None,
) -> list[PersonRow]:
    """The people of one page, each in a line with their reasons in short (one query).

    `way`: the list that their links lead back to; the month's first one where nothing is said.
    """
    texts: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for reason in (*entry.reasons, *entry.warnings):
            texts[reason.code].add(reason.text)
    differing = frozenset(code for code, found in texts.items() if len(found) > 1)
    staff = staff_names([entry.support.enrolment_id for entry in page], on) if page else {}
    return [_row(entry, reader, staff, way, differing) for entry in page]


def _why(
    entry: MonthEntry, reader: Membership, here: str, way: Month | WayBack, differing: Set[str],
    staff_name: str,
) -> Iterator[Why]:  # fmt: skip
    is_held = entry.state == MonthState.HELD
    for reason in (*entry.reasons, *entry.warnings):
        if is_held and is_cut(reason):
            continue  # everybody's, and it holds nobody back: said once above them
        label, url = label_of(reason, entry.support), mending_url(reason, entry.support, reader)
        own = reason.text if reason.code in differing and reason.text != label else ""
        mend = Mend(mend_label(reason), with_way_back(url, way)) if url and url != here else None
        needs = not mend and reason in entry.reasons
        ask = whom_to_ask(reason, entry.support, reader, staff_name) if needs else ""
        yield Why(label, own, mend, ask)
    if (told := _city(entry, reader, way)) is not None:
        yield told


def _city(entry: MonthEntry, reader: Membership, way: Month | WayBack) -> Why | None:
    """What the municipality said of the month, or the way to record it where a reason leads elsewhere."""
    said, url = entry.additions.city, answer_url(entry, reader)
    leads = {mending_url(reason, entry.support, reader) for reason in _all(entry)}
    back = with_way_back(url, way) if url else ""
    if said is not None:
        leads_already = not url or url in leads
        return Why(
            words_of(said), said.reason, None if leads_already else Mend(_("回答を見る"), back)
        )
    if not url or url in leads:
        return None
    return Why(_("市町村に確かめる"), "", Mend(_("市町村の回答を記録"), back))


def _all(entry: MonthEntry) -> tuple[Reason, ...]:
    return (*entry.reasons, *entry.warnings)


def _key(entry: MonthEntry) -> tuple[str, ...]:
    # By the words: two people may be barred for two different causes.
    return tuple(reason.text for reason in (*entry.reasons, *entry.warnings))


def _row(
    entry: MonthEntry,
    reader: Membership,
    staff: dict[int, str],
    way: WayBack | None,
    differing: Set[str] = frozenset(),
) -> PersonRow:
    url = address_of("client_page", entry.support.client_public_id)
    found = {
        mending_url(reason, entry.support, reader): mend_label(reason)
        for reason in _all(entry)
        if not is_cut(reason)  # it is everybody's: the way there is said once above them
    }
    if answer := answer_url(entry, reader):
        said = entry.additions.city
        found.setdefault(answer, words_of(said) if said else _("市町村の回答を記録"))
    month = entry.support.month
    back_to = way or month
    mends = tuple(
        Mend(label, with_way_back(where, back_to))
        for where, label in found.items()
        if where and where != url
    )
    name = staff.get(entry.support.enrolment_id, "")
    whys = tuple(_why(entry, reader, url, back_to, differing, name))
    if entry.state == MonthState.HELD:
        # The person's page says of this month what is missing and whose turn it is.
        url = f"{url}?month={month}"
    back = with_way_back(url, back_to)
    return PersonRow(entry, back, mends, whys, name, _lines(entry), _sums(entry))


def _lines(entry: MonthEntry) -> str:
    return "、".join(f"{line.label} {line.total_units:,}" for line in entry.lines)


def _sums(entry: MonthEntry) -> str:
    sums = entry.copayment
    if sums is None:
        return ""
    text = _("%(units)s単位 × %(price)s円 ＝ %(total)s。1割 %(tenth)s、上限 %(cap)s → %(capped)s") % {
        "units": f"{sums.units:,}", "price": f"{sums.unit_price.normalize():f}",
        "total": yen(sums.total_cost_yen), "tenth": yen(sums.one_tenth_yen),
        "cap": yen(sums.cap_yen), "capped": yen(sums.capped_yen),
    }  # fmt: skip
    if entry.cap_result is None:
        return text
    managed = _("上限額管理の結果 %(outcome)s → %(decided)s")
    decided = {"outcome": entry.cap_result.outcome, "decided": yen(sums.decided_yen)}
    return f"{text}。{managed % decided}"
