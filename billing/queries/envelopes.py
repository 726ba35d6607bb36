"""封筒: who gets which papers of a month in which envelope, and why somebody gets nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from billing.documents import sender_of
from billing.models import PersonMonth
from billing.queries.addressees import Destination, Recipient, recipients
from billing.queries.envelope_papers import (
    Asked,
    EnvelopePaper,
    clients_with_unsent,
    papers_by_client,
)
from billing.queries.envelope_reports import clients_with_report
from billing.rules.envelope import OWN, REPORT_ALONE, PaperKind, kept_back
from clients.models import Enrolment
from plans.queries.month import used_in
from teikyaku.era import wareki, wareki_month
from teikyaku.fonts import code_point
from teikyaku.printing import missing_in

BY_HAND = "手渡しでお届けします。"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope."""

    key: str
    """The person's public id and whose envelope it is."""
    client_id: UUID
    person: str
    kana: str
    destination: Destination
    papers: tuple[EnvelopePaper, ...]
    notes: tuple[str, ...]
    """What was kept back, and why."""
    lacks_report: bool = False
    """The person's report belongs in, and whoever packs may not print it."""

    @property
    def documents(self) -> list[UUID]:
        """The issued papers in it that were not sent before."""
        return [each.document for each in self.papers if each.document and not each.is_sent]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Somebody who gets no envelope."""

    client_id: UUID
    person: str
    kana: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pack:
    """All envelopes of a month, by kana, and those who get none."""

    asked: Asked
    envelopes: tuple[Envelope, ...]
    nothing: tuple[Nothing, ...]
    alone: tuple[Nothing, ...] = ()
    """Whose report makes an envelope of its own that whoever packs may not print."""

    @property
    def without_report(self) -> int:
        """How many envelopes lack the report that belongs in."""
        return sum(each.lacks_report for each in self.envelopes)

    def chosen(self, keys: Sequence[str]) -> tuple[Envelope, ...]:
        """These envelopes; without keys all of them."""
        return tuple(each for each in self.envelopes if not keys or each.key in keys)


def pack(asked: Asked) -> Pack:
    """The envelopes of everybody who used the month, or has papers that were not sent; constant queries."""
    people = _people(asked)
    known = recipients(list(people.values()), asked.on)
    papers = papers_by_client(asked, people)
    closed = set(
        # Also what was withdrawn: there is nothing to close any more.
        PersonMonth.objects.filter(
            closing__office=asked.office, month=asked.month.first_day
        ).values_list("client", flat=True)
    )
    envelopes: list[Envelope] = []
    nothing: list[Nothing] = []
    alone: list[Nothing] = []
    reported = _reported(asked, people)
    for client, who in sorted(known.items(), key=lambda pair: (pair[1].kana, pair[0])):
        own = list(_envelopes(who, papers.get(client, [])))
        filled = [each for each in own if each.papers]
        good = [each for each in filled if not _unprintable(asked, each)]
        if client in reported and _gets_report(who):
            good = [replace(each, lacks_report=_is_own(each, who)) for each in good]
            if not any(each.lacks_report for each in good):
                alone.append(
                    Nothing(who.enrolment.client.public_id, who.name, who.kana, REPORT_ALONE)
                )
        envelopes += good
        if len(good) < len(filled) or not filled:
            reason = _why_not(asked, who, own, filled, is_closed=client in closed)
            nothing.append(Nothing(who.enrolment.client.public_id, who.name, who.kana, reason))
    return Pack(asked, tuple(envelopes), tuple(nothing), tuple(alone))


def _reported(asked: Asked, people: Mapping[int, Enrolment]) -> set[int]:
    """Whose report is told of, because whoever packs may not print it (one query where it is)."""
    if not asked.tells_reports:
        return set()
    return clients_with_report([row.pk for row in people.values()], asked.month)


def _gets_report(who: Recipient) -> bool:
    return not kept_back(
        PaperKind.REPORT, has_died=who.has_died, reader=who.own.reader,
        is_death_told=who.is_death_told,
    )  # fmt: skip


def _is_own(each: Envelope, who: Recipient) -> bool:
    return each.destination.key == who.own.key


def _people(asked: Asked) -> dict[int, Enrolment]:
    """By client, the last enrolment of whoever used the month or has papers that wait (three queries)."""
    own = Enrolment.objects.filter(office=asked.office, starts_on__lte=asked.on)
    rows = list(own.filter(used_in(asked.month, asked.month)).select_related("client"))
    found = {row.client_id: row for row in sorted(rows, key=lambda row: (row.starts_on, row.pk))}
    others = clients_with_unsent(asked.office) - found.keys()
    later = own.filter(client__in=others).select_related("client").order_by("starts_on", "pk")
    return found | {row.client_id: row for row in later}


def _envelopes(who: Recipient, papers: Sequence[EnvelopePaper]) -> Iterator[Envelope]:
    """One, or two where somebody else pays."""
    by_key: dict[str, tuple[Destination, list[EnvelopePaper], list[str]]] = {}
    for each in papers:
        to = who.own if each.kind in OWN else who.money
        _to, kept, notes = by_key.setdefault(to.key, (to, [], []))
        why = each.held or kept_back(
            each.kind, has_died=who.has_died, reader=to.reader, is_death_told=who.is_death_told
        )
        if not why:
            kept.append(_masked(each, who, to))
        elif why not in notes:
            notes.append(why)
    client = who.enrolment.client.public_id
    for to, kept, notes in by_key.values():
        yield Envelope(
            f"{client}-{to.key}", client, who.name, who.kana, to, tuple(kept), tuple(notes)
        )


def _masked(each: EnvelopePaper, who: Recipient, to: Destination) -> EnvelopePaper:
    """A paper that was issued before the address was protected still bears it: it is left out."""
    if not who.is_protected or "address" not in each.data.get("addressee", {}):
        return each
    if to.key != "p" and each.data["addressee"]["name"] != who.name:
        return each
    data = {**each.data, "addressee": {**each.data["addressee"], "postal_code": "", "address": []}}
    return EnvelopePaper(each.kind, each.label, data, each.document, each.is_sent)


def _why_not(
    asked: Asked,
    who: Recipient,
    own: Sequence[Envelope],
    filled: Sequence[Envelope],
    *,
    is_closed: bool,
) -> str:
    for each in filled:
        if characters := _unprintable(asked, each):
            return _("印刷できない文字があります：%(characters)s") % {"characters": characters}
    if notes := [note for each in own for note in each.notes]:
        return _each_sentence_once(notes)
    if not is_closed:
        return _("この月は、まだ締めていません。")
    return _("入れる文書がありません（出していないか、発送済みです）。")


def _each_sentence_once(notes: Iterable[str]) -> str:
    """Two notes may begin with the same words, as of a death."""
    sentences = (part for note in notes for part in note.split("。") if part)
    return "".join(f"{each}。" for each in dict.fromkeys(sentences))


def _unprintable(asked: Asked, each: Envelope) -> str:
    found = missing_in(envelope_document(asked, each))
    characters = dict.fromkeys(code_point(c) for places in found.values() for c in places)
    return "、".join(characters)


# --- On paper --------------------------------------------------------------------------------------


def envelope_document(asked: Asked, each: Envelope) -> dict[str, Any]:
    """One envelope: the keys of templates/documents/parts/envelope.typ."""
    lead = f"{each.person} 様の就労定着支援（{wareki_month(asked.month)}分）についてお送りします。"
    return {
        "issued_on": wareki(asked.on),
        "office": asdict(sender_of(asked.office)),
        "addressee": asdict(each.destination.addressee),
        "lead": lead,
        "contents": [paper.label for paper in each.papers],
        # Why no address is printed is nobody's business who sees the paper.
        "by_hand": BY_HAND if each.destination.by_hand else "",
        "papers": [{"kind": paper.kind.value, "data": dict(paper.data)} for paper in each.papers],
    }


def envelopes_document(asked: Asked, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
    """Several envelopes in one file: the keys of templates/documents/envelopes.typ."""
    return {
        "dated": asked.on.isoformat(),
        "office": {"name": asked.office.name},
        "month": wareki_month(asked.month),
        "envelopes": [envelope_document(asked, each) for each in envelopes],
    }
