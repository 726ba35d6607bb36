"""Everybody with a sign-in, as the system administrator lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import Membership, User
from teikyaku.kana import plain_kana

ENDING_DAYS = 30
INVITED = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


class Show(TextChoices):
    """表示 whom the list shows."""

    ALL = "", _("すべて")
    BELONGING = "belonging", _("所属のある人")
    INVITED = "invited", _("招待中")
    OUTSIDE = "outside", _("所属のない人")
    NO_FACTOR = "no_factor", _("二要素のない人")
    ENDING = "ending", _("30日以内に所属が終わる人")


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One membership of a person and whether it is over."""

    membership: Membership
    is_over: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the list."""

    user: User
    is_invited: bool
    has_second_factor: bool
    held: tuple[HeldRow, ...]


def people(*, text: str, show: str, on: date) -> QuerySet[User]:
    """Users by name, address or place, with what a row needs (two queries for a page)."""
    # Whose they are stands on the row already.
    places = Membership.objects.select_related("office", "municipality__city")
    held = places.order_by("-starts_on", "-pk")
    found = (
        User.objects.annotate(has_factor=Exists(_factors()))
        .prefetch_related(Prefetch("memberships", held))
        .order_by("kana", "name", "pk")
    )
    return found.filter(_show_q(show, on), _text_q(text))


def people_counts(on: date) -> dict[Show, int]:
    """How many people each choice of the list shows (one query)."""
    wanted = [show for show in Show if show != Show.ALL]
    found = User.objects.aggregate(
        **{show.value: Count("pk", filter=_show_q(show, on)) for show in wanted}
    )
    return {show: found[show.value] for show in wanted}


def _factors() -> QuerySet[Authenticator]:
    """A second factor of the user around: an app or a passkey; recovery codes alone are none."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=OuterRef("pk"), type__in=types)


def person_rows(users: Iterable[User], on: date) -> list[PersonRow]:
    """The rows of a page of `people`."""
    return [
        PersonRow(
            user=user,
            is_invited=not user.has_usable_password(),
            has_second_factor=user.has_factor,  # type: ignore[attr-defined]  # annotated
            held=tuple(_held_row(held, on) for held in user.memberships.all()),
        )
        for user in users
    ]


def _held_row(held: Membership, on: date) -> HeldRow:
    is_over = held.ended_at is not None or (held.ends_on is not None and held.ends_on < on)
    return HeldRow(held, is_over=is_over, is_ahead=not is_over and held.starts_on > on)


def _show_q(show: str, on: date) -> Q:
    own = Membership.objects.filter(user=OuterRef("pk"), ended_at__isnull=True)
    belongs = Q(Exists(own.in_force(on)))
    soon = own.in_force(on).filter(ends_on__lte=on + timedelta(days=ENDING_DAYS))
    rules = {
        Show.BELONGING: belongs,
        Show.INVITED: INVITED,
        Show.OUTSIDE: ~belongs,
        Show.NO_FACTOR: belongs & ~Q(Exists(_factors())) & ~INVITED,
        Show.ENDING: Q(Exists(soon)),
    }
    return rules.get(Show(show), Q()) if show in Show.values else Q()


def _text_q(text: str) -> Q:
    text = text.strip()
    if not text:
        return Q()
    places = Membership.objects.filter(user=OuterRef("pk")).filter(
        Q(office__name__icontains=text) | Q(municipality__name__icontains=text)
    )
    return (
        Q(name__icontains=text)
        | Q(kana__icontains=plain_kana(text))
        | Q(email__icontains=text.casefold())
        | Q(Exists(places))
    )
