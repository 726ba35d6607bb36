"""運営指導の綴り on the screen: each mismatch with its person, and the page on which it is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.binder import BinderFile
from clients.models import ClientName, Enrolment
from plans.queries.month import used_in
from plans.rules.mismatch import Mismatch, MismatchKind, Place
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month, Period, in_force, overlapping

# Some three hundred pages: more would keep the reader waiting.
PER_FILE = 50
# By place: the page, whether the enrolment stands in its address, and whether the key does.
PAGES = {
    Place.CONTRACT: ("contract_correct", True, True),
    Place.PLAN: ("support_plan_page", True, True),
    Place.PLANS: ("support_plans", True, False),
    Place.INTERVIEW: ("interview_page", False, True),
    Place.REPORT: ("report_page", True, True),
    Place.RECEIPT: ("share_receipt", False, True),
    Place.BILL: ("person_month_page", False, True),
}
# What is recorded only while the office works with the person.
RUNNING_ONLY = (Place.CONTRACT,)


@dataclass(frozen=True, slots=True)
class BinderLine:
    """One mismatch of one person, and where it is mended."""

    name: str
    kana: str
    client_id: UUID
    mismatch: Mismatch
    url: str
    url_label: str
    is_mendable: bool
    """The reader may open the page on which it is mended; else the address is the person's."""


@dataclass(frozen=True, slots=True)
class PersonLines:
    """Some mismatches of one person, with how many there are of each kind in all."""

    name: str
    kana: str
    client_id: UUID
    lines: tuple[BinderLine, ...]
    counts: tuple[tuple[str, int], ...]
    page: int = 1
    """The page of the list on which the person's lines begin."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(count for _label, count in self.counts)


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """まだ記録のないもの of one kind: one line, and whose they are."""

    label: str
    source: str
    people: tuple[PersonLines, ...]

    @property
    def total(self) -> int:
        """How many papers or receipts."""
        return sum(len(each.lines) for each in self.people)


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind of mismatch as a filter."""

    key: str
    label: str
    count: int
    current: bool


def enrolments_in(own: QuerySet[Enrolment], first: Month, last: Month) -> QuerySet[Enrolment]:
    """Those of `own` in which the office worked with the person in the span, oldest first."""
    found = own.filter(overlapping(Period(first.first_day, last.last_day)))
    return found.select_related("client", "office").order_by("starts_on", "pk")


def people_by_kana(own: QuerySet[Enrolment], month: Month) -> QuerySet[Enrolment]:
    """Those of `own` who used the service in the month, by kana."""
    names = ClientName.objects.filter(in_force(month.last_day), client=OuterRef("client"))
    return (
        own.filter(used_in(month, month))
        .annotate(kana=Subquery(names.values("kana")[:1]))
        .select_related("client", "office")
        .order_by("kana", "pk")
    )


def binder_lines(files: Iterable[BinderFile], reader: Membership) -> list[BinderLine]:
    """What contradicts something in these files, person by person."""
    return [_line(file, each, reader) for file in files for each in file.contradictions]


def unrecorded_of(files: Iterable[BinderFile], reader: Membership) -> list[Unrecorded]:
    """What of these files is not recorded yet, kind by kind in the order of the binder."""
    lines = [_line(file, each, reader) for file in files for each in file.unrecorded]
    by_kind = {
        kind: [line for line in lines if line.mismatch.kind == kind] for kind in MismatchKind
    }
    return [
        Unrecorded(kind.label, own[0].mismatch.source.text, tuple(by_person(own)))
        for kind, own in by_kind.items()
        if own
    ]


def by_person(lines: Sequence[BinderLine], rows: int = 0) -> list[PersonLines]:
    """Lines that stand person by person, one after another; `rows` is the length of a page."""
    found, begun = [], 0
    for _client, group in groupby(lines, key=lambda line: line.client_id):
        own = tuple(group)
        counts = Counter(line.mismatch.kind for line in own)
        told = tuple((kind.label, counts[kind]) for kind in MismatchKind if counts[kind])
        first = own[0]
        page = begun // rows + 1 if rows else 1
        found.append(PersonLines(first.name, first.kana, first.client_id, own, told, page))
        begun += len(own)
    return found


def on_page(people: Sequence[PersonLines], shown: Iterable[BinderLine]) -> list[PersonLines]:
    """Of these people the lines that are shown; their counts stay those of all."""
    ids = {id(line) for line in shown}
    cut = [
        replace(each, lines=tuple(line for line in each.lines if id(line) in ids))
        for each in people
    ]
    return [each for each in cut if each.lines]


def kinds_of(lines: Sequence[BinderLine], chosen: str) -> list[KindCount]:
    """All, then every kind that there is, in the order of the binder."""
    counts = Counter(line.mismatch.kind for line in lines)
    kinds = [KindCount("", _("すべて"), len(lines), not chosen)]
    return kinds + [
        KindCount(kind.value, kind.label, counts[kind], chosen == kind.value)
        for kind in MismatchKind
        if counts[kind]
    ]


def _line(file: BinderFile, mismatch: Mismatch, reader: Membership) -> BinderLine:
    support = file.support
    person = reverse("client_page", args=[support.enrolment.client.public_id])
    url = _url(support.enrolment, mismatch, is_running=support.enrolment.ends_on is None)
    is_open = bool(url) and may_open(reader, url)
    place = mismatch.place if is_open else Place.PERSON
    return BinderLine(
        name=support.name,
        kana=support.kana,
        client_id=support.enrolment.client.public_id,
        mismatch=mismatch,
        url=url if is_open else person,
        url_label=place.label,
        is_mendable=is_open,
    )


def _url(enrolment: Enrolment, mismatch: Mismatch, *, is_running: bool) -> str:
    if mismatch.place not in PAGES or (mismatch.place in RUNNING_ONLY and not is_running):
        return ""
    name, has_enrolment, has_key = PAGES[mismatch.place]
    args = [enrolment.public_id] if has_enrolment else []
    return reverse(name, args=[*args, mismatch.key] if has_key else args)


def contents_of(files: Iterable[BinderFile]) -> list[tuple[str, int]]:
    """How many papers of each kind the files hold, for a look before the PDF is made."""
    counts: Counter[str] = Counter()
    for file in files:
        support = file.support
        counts[_("個別支援計画")] += len(support.plans)
        counts[_("同意")] += len(support.consents)
        counts[_("面談・連絡")] += len(support.contacts)
        counts[_("支援レポートの版")] += len(support.versions)
        counts[_("締めた月")] += len(file.bills)
    return list(counts.items())
