"""宛先: to whom people's papers go, for many people at once; addresses as the office knows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from billing.queries.paper_heads import Addressee
from billing.rules.envelope import Reader
from clients.access import last_seen, not_of_another_office
from clients.models import Enrolment, RelatedPerson, Residence
from clients.queries.subject import names_seen
from teikyaku.periods import Period

BY_HAND_PROTECTED = "住所を伏せています（支援措置）。住所は印刷していません。手渡ししてください。"
BY_HAND_UNKNOWN = "住所の記録がありません。手渡ししてください。"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an envelope goes."""

    key: str
    """The same for papers that go into the same envelope."""
    reader: Reader
    addressee: Addressee
    by_hand: str = ""
    """Why no address is printed; empty where there is one."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person with their name and where their papers go."""

    enrolment: Enrolment
    name: str
    kana: str
    has_died: bool
    is_death_told: bool
    """Whether the office still worked with the person when they died."""
    is_protected: bool
    money: Destination
    """Whoever pays, else whoever gets the post, else the person."""
    own: Destination
    """Whoever gets the post, else the person."""


def recipients(enrolments: Sequence[Enrolment], on: date) -> dict[int, Recipient]:
    """By client, as of `on` or the last day on which the office knew them (three queries).

    `enrolments` come with their client, one for each person.
    """
    names = names_seen(enrolments, on)
    clients = [row.client_id for row in enrolments]
    homes: dict[int, list[Residence]] = defaultdict(list)
    rows = Residence.objects.filter(client__in=clients).select_related("municipality__city")
    for home in rows.order_by("starts_on"):
        homes[home.client_id].append(home)
    others = _others(enrolments, clients)
    found = {}
    for row in enrolments:
        name, seen = names.get(row.pk), last_seen(row, on)
        around = [o for o in others[row.client_id] if Period(o.starts_on, o.ends_on).contains(seen)]
        found[row.client_id] = _recipient(
            row, name.name if name else "", name.kana if name else "", homes[row.client_id],
            around, seen, on,
        )  # fmt: skip
    return found


def _others(
    enrolments: Sequence[Enrolment], clients: Sequence[int]
) -> dict[int, list[RelatedPerson]]:
    found: dict[int, list[RelatedPerson]] = defaultdict(list)
    if not enrolments:
        return found
    told = not_of_another_office(enrolments[0].office_id)
    rows = RelatedPerson.objects.filter(
        Q(is_payer=True) | Q(gets_post=True), told, client__in=clients
    )
    for row in rows.order_by("pk"):
        if row.address.strip():
            found[row.client_id].append(row)
    return found


def _recipient(
    row: Enrolment,
    name: str,
    kana: str,
    homes: Sequence[Residence],
    around: Sequence[RelatedPerson],
    seen: date,
    on: date,
) -> Recipient:
    home = next((h for h in homes if Period(h.starts_on, h.ends_on).contains(seen)), None)
    # Once protected, no earlier address is printed either: it may be the same one.
    is_protected = any(each.is_protected for each in homes)
    own = _home(name, home, is_protected=is_protected)
    post = next((_other(each) for each in reversed(around) if each.gets_post), None)
    payer = next((_other(each) for each in reversed(around) if each.is_payer), None)
    died_on = row.client.died_on
    return Recipient(
        enrolment=row,
        name=name,
        kana=kana,
        has_died=died_on is not None and died_on <= on,
        is_death_told=died_on is not None and (row.ends_on is None or died_on <= row.ends_on),
        is_protected=is_protected,
        money=payer or post or own,
        own=post or own,
    )


def _other(row: RelatedPerson) -> Destination:
    return Destination(
        key=f"o{row.pk}",
        reader=Reader.OTHER,
        addressee=Addressee(row.name, row.postal_code, (row.address,)),
    )


def _home(name: str, home: Residence | None, *, is_protected: bool) -> Destination:
    if is_protected or home is None or not home.address.strip():
        why = BY_HAND_PROTECTED if is_protected else BY_HAND_UNKNOWN
        return Destination("p", Reader.PERSON, Addressee(name, "", ()), why)
    address = f"{home.municipality.full_name}{home.address}"
    return Destination("p", Reader.PERSON, Addressee(name, home.postal_code, (address,)))
