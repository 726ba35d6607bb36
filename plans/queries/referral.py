"""つなぎ of one office or one ward as a list: by question, found by name, with how long it has waited.

Each question is one condition on referrals, so that counts, lists, sheets and homes agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
)
from django.utils.translation import gettext_lazy as _

from clients.enums import ReferralOutcome
from clients.models import ClientName, Enrolment, Referral
from clients.queries.subject import names_seen
from clients.rules.referral import waiting_tone
from plans.models import Application, Decision
from plans.queries.referral_keeper import people_taken_over, with_keeper
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.prepared import in_one_row, prepared


class ReferralAsk(TextChoices):
    """問い about the people who were referred."""

    ELIGIBLE = "eligible", _("いま使えるかもしれない方")
    WAITING = "waiting", _("返事待ち")
    SETTLED = "settled", _("結果が出た")
    ALL = "all", _("すべて")


def referrals_for(membership: Membership) -> QuerySet[Referral]:
    """The referrals of the membership's own office or ward; nobody else's, and none for the city.

    A ward reads those of a ward whose file of the person it has taken over since, too: they pass with
    the file, and its first keeper goes on reading its own.
    """
    rows = with_keeper(Referral.objects.filter(withdrawn_at=None))
    if membership.office_id is not None and membership.may(Permission.CLIENT_READ):
        return rows.filter(office=membership.office_id).annotate(
            reader=Value(None, output_field=BigIntegerField())
        )
    if membership.municipality_id is not None and membership.may(Permission.APPLICATION_READ):
        ward = membership.municipality_id
        # By the person first: asked of every referral, who keeps it now would read the whole table.
        passed = Q(client__in=people_taken_over(ward), kept_by_now=ward)
        return rows.filter(Q(municipality=ward) | passed).annotate(reader=Value(ward))
    return rows.none()


def referrals_of(membership: Membership, client_id: int) -> list[Referral]:
    """Those of `referrals_for` about one person (one query)."""
    return _of_client.rows(
        office=membership.office_id, ward=membership.municipality_id, client=client_id,
        roles=tuple(membership.roles),
    )  # fmt: skip


@prepared("office", "ward", "client")
def _of_client(
    office: int | None, ward: int | None, client: int, roles: tuple[str, ...]
) -> QuerySet[Referral]:
    reader = Membership(office_id=office, municipality_id=ward, roles=list(roles))
    return referrals_for(reader).filter(client=client)


def referral_ask_q(ask: ReferralAsk, on: date) -> Q:
    """The referrals that answer a question on `on`."""
    waiting = Q(outcome=ReferralOutcome.WAITING.value)
    answers = {
        ReferralAsk.WAITING: lambda: waiting,
        ReferralAsk.SETTLED: lambda: ~waiting,
        ReferralAsk.ELIGIBLE: lambda: _eligible_q(on),
        ReferralAsk.ALL: Q,
    }
    condition: Q = answers[ask]()
    return condition


def _eligible_q(on: date) -> Q:
    """いま使えるかもしれない: the days say so, nobody has told them since, and nothing is under way.

    Of several referrals of a person the last one asks: as many rows as people.
    """
    of_them = {"client": OuterRef("client")}
    keeper = Q(office=OuterRef("office")) | Q(municipality=OuterRef("municipality"))
    later = Referral.objects.filter(
        keeper,
        Q(referred_on__gt=OuterRef("referred_on"))
        | Q(referred_on=OuterRef("referred_on"), pk__gt=OuterRef("pk")),
        withdrawn_at=None,
        **of_them,
    )
    in_use = Enrolment.objects.in_use(on).filter(office=OuterRef("office"), **of_them)
    # Of a ward: what is open or decided there already lies on somebody's desk.
    ward = Q(municipality=OuterRef("municipality")) | Q(municipality=OuterRef("kept_by_now"))
    applied = Application.objects.filter(ward, outcome="", **of_them)
    decided = Decision.objects.standing().filter(ward, ends_on__gte=on, **of_them)
    # Of two wards that read it, the one with which the file lies asks.
    asks = Q(kept_by_now=None) | Q(kept_by_now=F("reader"))
    is_alive = Q(client__died_on__isnull=True) | Q(client__died_on__gt=on)
    return (
        Q(eligible_from__lte=on, eligible_until__gte=on, follow_up="")
        & is_alive
        & asks
        & ~Q(Exists(later))
        & ~Q(Exists(in_use))
        & ~Q(Exists(applied))
        & ~Q(Exists(decided))
    )


def referral_counts(rows: QuerySet[Referral], on: date) -> dict[ReferralAsk, int]:
    """How many answer each question (two queries)."""
    asked_of_rows = [ask for ask in ReferralAsk if ask != ReferralAsk.ELIGIBLE]
    found = rows.aggregate(
        **{f"n_{ask.value}": Count("pk", filter=referral_ask_q(ask, on)) for ask in asked_of_rows}
    )
    # It asks who keeps the file now: PostgreSQL knows that of a row, and not inside a sum.
    eligible = rows.filter(referral_ask_q(ReferralAsk.ELIGIBLE, on)).count()
    return {ask: found.get(f"n_{ask.value}", eligible) for ask in ReferralAsk}


def eligible_count(membership: Membership, on: date) -> int:
    """いま使えるかもしれない方 of the membership's own place, for whoever may act on it; else 0."""
    acts = {
        Scope.OFFICE: Permission.CLIENT_WRITE,
        Scope.MUNICIPALITY: Permission.APPLICATION_WRITE,
    }
    permission = acts.get(Scope(membership.scope))
    if permission is None or not membership.may(permission):
        return 0
    (found,) = _eligible.row(
        office=membership.office_id, ward=membership.municipality_id,
        roles=tuple(membership.roles), on=on,
    )  # fmt: skip
    return int(found)


@prepared("office", "ward")
def _eligible(
    office: int | None, ward: int | None, roles: tuple[str, ...], on: date
) -> QuerySet[Any, Any]:
    reader = Membership(office_id=office, municipality_id=ward, roles=list(roles))
    rows = referrals_for(reader).filter(referral_ask_q(ReferralAsk.ELIGIBLE, on))
    return in_one_row(rows, n=Count("pk"))


def asked(rows: QuerySet[Referral], ask: ReferralAsk, on: date) -> QuerySet[Referral]:
    """The rows of one question in their order: what is most pressing first. Page this."""
    found = rows.filter(referral_ask_q(ask, on)).select_related("client")
    orders: dict[ReferralAsk, tuple[Any, ...]] = {
        ReferralAsk.ELIGIBLE: (F("eligible_until").asc(), "pk"),
        ReferralAsk.WAITING: ("referred_on", "pk"),
    }
    return found.order_by(*orders.get(ask, ("-referred_on", "-pk")))


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One referral as list and sheet show it."""

    referral_id: UUID
    client_id: UUID
    name: str
    kana: str
    referred_on: date
    centre: str
    centre_name: str
    why: str
    outcome: str
    outcome_on: date | None
    outcome_note: str
    is_waiting: bool
    waiting_days: int
    """Since the referral, while nobody has answered; 0 then."""
    tone: str
    eligible_from: date | None
    eligible_until: date | None
    is_eligible: bool
    """Its days hold today: see the list's question for who is asked about."""
    follow_up: str
    follow_up_on: date | None
    staff: str
    """担当 at the office; "" where nobody is, and at a ward."""


def referral_rows(
    rows: Iterable[Referral],
    names: Mapping[int, ClientName],
    on: date,
    staff: Mapping[int, str] | None = None,
) -> list[ReferralRow]:
    """The rows of a page; `names` and `staff` by client, as the place knows them (no query)."""
    known = staff or {}
    return [_row(row, names.get(row.client_id), known.get(row.client_id, ""), on) for row in rows]


def _row(row: Referral, name: ClientName | None, staff: str, on: date) -> ReferralRow:
    is_waiting = row.outcome == ReferralOutcome.WAITING
    days = (on - row.referred_on).days if is_waiting else 0
    first, last = row.eligible_from, row.eligible_until
    return ReferralRow(
        referral_id=row.public_id,
        client_id=row.client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        referred_on=row.referred_on,
        centre=row.get_centre_display(),
        centre_name=row.centre_name,
        why=row.why,
        outcome=row.get_outcome_display(),
        outcome_on=row.outcome_on,
        outcome_note=row.outcome_note,
        is_waiting=is_waiting,
        waiting_days=days,
        tone=waiting_tone(days),
        eligible_from=first,
        eligible_until=last,
        is_eligible=first is not None and last is not None and first <= on <= last,
        follow_up=row.get_follow_up_display(),
        follow_up_on=row.follow_up_on,
        staff=staff,
    )


def names_at_office(rows: Iterable[Referral], office_id: int, on: date) -> dict[int, ClientName]:
    """By client, the name as the office knows it: of who has left, that of the last day (two queries)."""
    clients = {row.client_id for row in rows}
    own = Enrolment.objects.filter(client__in=clients, office=office_id, starts_on__lte=on)
    last = {row.client_id: row for row in own.order_by("starts_on", "pk")}
    names = names_seen(last.values(), on)
    return {key: names[row.pk] for key, row in last.items() if row.pk in names}
