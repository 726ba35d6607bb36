"""Who gets an address label, and who is left out and why: names and addresses of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.access import not_of_another_office
from clients.models import Client, Enrolment, RelatedPerson, Residence
from clients.queries.subject import names_seen
from teikyaku.fonts import code_point
from teikyaku.periods import Period, in_force
from teikyaku.printing import missing_glyphs


@dataclass(frozen=True, slots=True)
class AddressLabel:
    """One label."""

    client: Client
    name: str
    kana: str
    postal_code: str
    address: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody chosen who gets none."""

    client_id: UUID
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class LabelPeople:
    """The chosen people, in the order in which they were chosen."""

    labels: tuple[AddressLabel, ...]
    left_out: tuple[LeftOut, ...]


def label_people(enrolments: QuerySet[Enrolment], chosen: Sequence[UUID], on: date) -> LabelPeople:
    """Labels for the `chosen` (public ids) among the people of `enrolments` (four queries).

    Where somebody else gets their post (docs/rules.md §6), the label is theirs. Left out: who has died, whom the office no longer works with (what came after is not told), whose
    address is protected (支援措置: it is printed nowhere) or unknown, and what no font can print.
    """
    rows = list(enrolments.filter(client__public_id__in=chosen).select_related("client"))
    people: dict[int, Client] = {}
    running: set[int] = set()
    for row in rows:
        people[row.client_id] = row.client
        if Period(row.starts_on, row.ends_on).contains(on):
            running.add(row.client_id)
    names = names_seen(rows, on)
    known = {
        row.client_id: names.get(row.pk) for row in sorted(rows, key=lambda row: row.starts_on)
    }
    posts = _who_gets_post(rows, running, on)
    homes = {
        home.client_id: home
        for home in Residence.objects.filter(in_force(on), client__in=running)
        .select_related("municipality__city")
    }  # fmt: skip
    place = {public_id: index for index, public_id in enumerate(chosen)}
    labels: list[AddressLabel] = []
    left_out: list[LeftOut] = []
    for client in sorted(people.values(), key=lambda client: place[client.public_id]):
        named, home = known.get(client.pk), homes.get(client.pk)
        name = named.name if named else ""
        label = _label(client, name, named.kana if named else "", home)
        if other := posts.get(client.pk):
            label = AddressLabel(client, other.name, "", other.postal_code, other.address)
            home = None
        reason = _reason(client, label, home, on, is_running=client.pk in running)
        if reason or label is None:
            left_out.append(LeftOut(client.public_id, name, reason))
        else:
            labels.append(label)
    return LabelPeople(tuple(labels), tuple(left_out))


def _who_gets_post(
    rows: Sequence[Enrolment], running: set[int], on: date
) -> dict[int, RelatedPerson]:
    """Whoever gets a person's post in their place, with an address; as this office knows them."""
    if not rows:
        return {}
    told = not_of_another_office(rows[0].office_id)
    others = RelatedPerson.objects.filter(in_force(on), told, client__in=running, gets_post=True)
    return {other.client_id: other for other in others.order_by("-pk") if other.address.strip()}


def _label(client: Client, name: str, kana: str, home: Residence | None) -> AddressLabel | None:
    """None where there is no address that may be printed."""
    if home is None or home.is_protected or not home.address.strip():
        return None
    address = f"{home.municipality.full_name}{home.address}"
    return AddressLabel(client, name, kana, home.postal_code, address)


def _reason(
    client: Client,
    label: AddressLabel | None,
    home: Residence | None,
    on: date,
    *,
    is_running: bool,
) -> str:
    """Why there is no label; empty where there is one."""
    # First: of who has left, not even a death is told.
    if not is_running:
        return _("いまは支援していません")
    if client.died_on is not None and client.died_on <= on:
        return _("亡くなった記録があります")
    if home is not None and home.is_protected:
        return _("住所を伏せています（支援措置）。印刷しません")
    if label is None:
        return _("住所の記録がありません")
    if missing := missing_glyphs(f"{label.name}{label.kana}{label.postal_code}{label.address}"):
        return _("印刷できない文字があります：%(characters)s") % {
            "characters": "、".join(map(code_point, missing))
        }
    return ""
