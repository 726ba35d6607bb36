"""宛名: what stands at the head of people's papers on a day, for many people at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from clients.access import not_of_another_office
from clients.models import ClientName, RelatedPerson, Residence
from teikyaku.accounts.models import Municipality
from teikyaku.periods import in_force
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the post: the payer or whoever gets it for the person, else the person."""

    name: str
    postal_code: str
    address: tuple[str, ...]
    honorific: str = "様"


@dataclass(frozen=True, slots=True)
class PaperHead:
    """The person's name in force on the day, and where the paper goes."""

    name: str
    addressee: Addressee


def paper_heads(clients: Collection[int], office_id: int, on: date) -> dict[int, PaperHead]:
    """By client (keys): name and addressee as of `on` (four queries).

    Whom another office named is told to nobody here; an address that is or was protected is printed nowhere.
    """
    keys = set(clients)
    names = _names(keys, on)
    others = _others(keys, office_id, on)
    homes = _homes(keys - others.keys(), on)
    return {
        key: PaperHead(
            name := names.get(key, ""), others.get(key) or Addressee(name, *homes.get(key, ("", ())))
        )
        for key in keys
    }  # fmt: skip


def name_on(client: int, on: date) -> str:
    """The person's name in force on a day."""
    return _names([client], on).get(client, "")


def _names(clients: Collection[int], on: date) -> dict[int, str]:
    return dict(_named.rows(clients=clients, on=on))


@prepared("clients")
def _named(clients: Collection[int], on: date) -> QuerySet[Any, Any]:
    rows = ClientName.objects.filter(in_force(on), client__in=clients)
    return rows.values_list("client", "name")


def _others(clients: Collection[int], office_id: int, on: date) -> dict[int, Addressee]:
    """Whoever pays, else whoever gets the post, where an address is known."""
    rows = RelatedPerson.objects.filter(
        Q(is_payer=True) | Q(gets_post=True), in_force(on), not_of_another_office(office_id),
        client__in=clients,
    ).exclude(address="")  # fmt: skip
    found: dict[int, Addressee] = {}
    for client, *told in rows.order_by("-is_payer", "pk").values_list(
        "client", "name", "postal_code", "address"
    ):
        name, postal_code, address = told
        if address.strip():
            found.setdefault(client, Addressee(name, postal_code, (address,)))
    return found


def _homes(clients: Collection[int], on: date) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Postal code and address of those who may be written to at home."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for client, *home in Residence.objects.filter(client__in=clients).values_list(
        "client", "starts_on", "ends_on", "is_protected", "postal_code", "address", "municipality"
    ):
        rows[client].append(home)
    places = {row[-1] for homes in rows.values() for row in homes}
    named = {
        each.pk: each.full_name
        for each in Municipality.objects.filter(pk__in=places).select_related("city")
    }
    found: dict[int, tuple[str, tuple[str, ...]]] = {}
    for client, homes in rows.items():
        if any(is_protected for _s, _e, is_protected, *_home in homes):
            continue
        for starts_on, ends_on, _protected, postal_code, address, place in homes:
            if starts_on <= on and (ends_on is None or on <= ends_on):
                found[client] = (postal_code, (f"{named[place]}{address}",))
    return found
