"""What ends next: windows, decisions, caps, support plans, hand-over days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from clients.models import Client, ClientName, Enrolment
from plans.models import CapPeriod, Decision, Handover, SupportPlan
from plans.rules.handover import SHARING_MONTHS, handover_days
from teikyaku.accounts.models import Office
from teikyaku.periods import Month, in_force, months_later

# What has ended stays in sight this long.
UNSETTLED_DAYS = 60


@dataclass(frozen=True, slots=True)
class Expiry:
    """One thing that ends for one person, on its day; `is_late` when the day has passed."""

    on: date
    kind: str
    label: str
    client_id: UUID
    name: str
    kana: str
    is_late: bool


# One thing that ends: its day, kind, words, and whose it is.
Found = tuple[date, str, str, int]


def expiries(office: Office, on: date, months: int) -> list[Expiry]:
    """What ends within `months` from `on`, and what ended in the last 60 days unsettled.

    Each kind is filtered by its day in SQL: seven queries, and only rows that end. Sorted by day.
    """
    span = (on - timedelta(days=UNSETTLED_DAYS), months_later(on, months))
    running = Enrolment.objects.filter(office=office).in_use(on)
    found = [
        *_windows(running, span),
        *_shares(running, span),
        *_decisions(running, span),
        *_caps(running, span),
        *_plans(running, span),
    ]
    clients = {client for _day, _kind, _label, client in found}
    people = dict(Client.objects.filter(pk__in=clients).values_list("pk", "public_id"))
    names = {
        name.client_id: name for name in ClientName.objects.filter(in_force(on), client__in=clients)
    }
    rows = [
        Expiry(
            on=day,
            kind=kind,
            label=label,
            client_id=people[client],
            name=names[client].name if client in names else "",
            kana=names[client].kana if client in names else "",
            is_late=day < on,
        )
        for day, kind, label, client in found
    ]
    return sorted(rows, key=lambda expiry: (expiry.on, expiry.kana))


def _windows(running: QuerySet[Enrolment], span: tuple[date, date]) -> list[Found]:
    rows = running.filter(window_ends_on__range=span).values_list("window_ends_on", "client")
    return [(day, "window", _("利用可能期間の最終日"), client) for day, client in rows if day]


def _shares(running: QuerySet[Enrolment], span: tuple[date, date]) -> list[Found]:
    settled = Handover.objects.exclude(is_needed=True, shared_on=None).values("enrolment")
    # The latest day for sharing lies three months before the end: look that much further.
    ends = (span[0], months_later(span[1], SHARING_MONTHS + 1))
    rows = running.filter(window_ends_on__range=ends).exclude(pk__in=settled)
    days = [
        (handover_days(day).share_by, client)
        for day, client in rows.values_list("window_ends_on", "client")
        if day is not None
    ]
    label = _("引き継ぎの情報共有の最終日")
    return [(day, "handover", label, client) for day, client in days if span[0] <= day <= span[1]]


def _decisions(running: QuerySet[Enrolment], span: tuple[date, date]) -> list[Found]:
    later = Decision.objects.filter(client=OuterRef("client"), starts_on__gt=OuterRef("ends_on"))
    last = Decision.objects.filter(client__in=running.values("client"), ends_on__range=span)
    rows = last.exclude(Exists(later)).values_list("ends_on", "client")
    return [(day, "decision", _("支給決定期間の終了"), client) for day, client in rows]


def _caps(running: QuerySet[Enrolment], span: tuple[date, date]) -> list[Found]:
    later = CapPeriod.objects.filter(
        client=OuterRef("client"), first_month__gt=OuterRef("last_month")
    )
    last = CapPeriod.objects.filter(
        client__in=running.values("client"),
        last_month__range=(Month.of(span[0]).first_day, span[1]),
    )
    rows = last.exclude(Exists(later)).values_list("last_month", "client")
    label = _("負担上限月額の適用の終わり")
    return [(Month.of(day).last_day, "cap", label, client) for day, client in rows if day]


def _plans(running: QuerySet[Enrolment], span: tuple[date, date]) -> list[Found]:
    later = SupportPlan.objects.filter(
        enrolment=OuterRef("enrolment"), starts_on__gt=OuterRef("starts_on")
    )
    last = SupportPlan.objects.filter(enrolment__in=running.values("pk"), review_by__range=span)
    rows = last.exclude(Exists(later)).values_list("review_by", "enrolment__client")
    return [(day, "support_plan", _("個別支援計画の見直し"), client) for day, client in rows]
