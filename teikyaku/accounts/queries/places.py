"""Offices and municipalities as the system administrator lists them: all, and those without staff.

The counts of the administrator's home ask the same conditions, so they agree with these lists.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import Membership, Municipality, MunicipalityProposal, Office
from teikyaku.accounts.roles import Role


class OfficeShow(TextChoices):
    """表示 which offices the list shows."""

    ALL = "", _("すべて")
    HEADLESS = "headless", _("管理者のいない事業所")


class MunicipalityShow(TextChoices):
    """表示 which municipalities the list shows."""

    ALL = "", _("すべて")
    WARDS = "wards", _("区")
    EMPTY = "empty", _("職員のいない区")
    WAITING = "waiting", _("確認待ち")


def offices_q(show: str, on: date) -> Q:
    """The offices behind one choice, as of `on`; all for nonsense."""
    if show != OfficeShow.HEADLESS:
        return Q()
    held = Membership.objects.in_force(on).filter(ended_at__isnull=True, office=OuterRef("pk"))
    return ~Q(Exists(held.filter(roles__icontains=f'"{Role.OFFICE_MANAGER.value}"')))


def municipalities_q(show: str, on: date) -> Q:
    """The municipalities behind one choice, as of `on`; all for nonsense."""
    wards = Q(kind=Municipality.Kind.WARD)
    if show == MunicipalityShow.WARDS:
        return wards
    if show == MunicipalityShow.WAITING:
        return Q(proposal__isnull=False, proposal__confirmed_at=None)
    if show != MunicipalityShow.EMPTY:
        return Q()
    held = Membership.objects.in_force(on).filter(ended_at__isnull=True)
    return wards & ~Q(Exists(held.filter(municipality=OuterRef("pk"))))


def office_counts(on: date) -> dict[OfficeShow, int]:
    """How many offices each choice of the list shows (one query)."""
    found = Office.objects.aggregate(
        all=Count("pk"), headless=Count("pk", filter=offices_q(OfficeShow.HEADLESS, on))
    )
    return {OfficeShow.ALL: found["all"], OfficeShow.HEADLESS: found["headless"]}


def municipality_counts(on: date) -> dict[MunicipalityShow, int]:
    """How many wards there are, and how many without staff (one query)."""
    shown = (MunicipalityShow.WARDS, MunicipalityShow.EMPTY)
    found = Municipality.objects.aggregate(
        **{show.value: Count("pk", filter=municipalities_q(show, on)) for show in shown}
    )
    return {show: found[show.value] for show in shown}


def proposals_waiting() -> QuerySet[MunicipalityProposal]:
    """The municipalities that offices entered and nobody has confirmed, oldest first."""
    rows = MunicipalityProposal.objects.filter(confirmed_at=None)
    return rows.select_related("office", "municipality__city").order_by("pk")


def proposals_of(office: Office) -> QuerySet[MunicipalityProposal]:
    """What an office entered, newest first."""
    rows = MunicipalityProposal.objects.filter(office=office)
    return rows.select_related("municipality__city", "same_as__city").order_by("-pk")
