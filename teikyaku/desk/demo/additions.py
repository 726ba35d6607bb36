"""Additions of single people in the demo: 地域連携会議, an addition used elsewhere, a subsidy, a shared number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef

from billing.actions.claim_setting import choose_claim_way, record_other_sum
from billing.actions.month_answer import answer_months, record_subsidy
from billing.enums import AnswerKind, InvoiceWay, SubsidyKind
from clients.models import Enrolment
from clients.queries.no_contact import no_contact_q
from plans.actions import life_change
from plans.enums import ContactOutcome, ContactWay, MeetingKind, Partner
from plans.models import CapPeriod, Decision
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month

# 2 of 2,000 yen or so: half of the copayment, for the last months.
SUBSIDY_MONTHS, PERCENT = 4, 50
CAME = "職場の上司、相談支援専門員、本人"
TRANSITION = "43"


def settle_additions(city: City) -> None:
    """Before the months are closed: what single people have of their own."""
    office, last = city.offices[0], Month.of(city.today) - 1
    people = list(
        Enrolment.objects.in_use((last - SUBSIDY_MONTHS).first_day)
        .in_force(city.today)
        .filter(office=office, ends_on=None, client__other_supports=None)
        .exclude(no_contact_q(city.today, OuterRef("client")))
        .select_related("client")
        .order_by("pk")
    )
    if len(people) > 1:
        _meet(city, people[0], last)
    paying = next((each for each in people[1:] if _pays(each, last)), None)
    if paying is not None:
        _subsidise(city, paying, last)
    for each in city.offices:
        if each.shares_number:
            _share(city, each, last)


def _meet(city: City, enrolment: Enrolment, last: Month) -> None:
    """Two meetings of the last two months, one of each kind; a month before, another office had one."""
    manager = city.staff["manager"]
    kinds = ((1, MeetingKind.COMMUNITY_2), (0, MeetingKind.COMMUNITY_1))
    for back, kind in kinds:
        day = (last - back).first_day + timedelta(days=17)
        life_change.log_interview(
            enrolment=enrolment, held_on=day, way=ContactWay.CONFERENCE, outcome=ContactOutcome.OTHERS,
            met_by=manager, place="職場の会議室", participants=CAME, meeting_kind=kind,
            spoke_with=[Partner.WORKPLACE.value], agreed="朝の仕事の順番を、紙に書いて見えるようにする。",
            notes="働く時間と体調を、集まった人で確かめた。", **_who(manager, day),
        )  # fmt: skip
    elsewhere, told_on = last - 3, (last - 2).first_day
    answer_months(
        enrolment=enrolment, kind=AnswerKind.NETWORK_ELSEWHERE, first_month=elsewhere.first_day,
        last_month=None, why="前に使っていた事業所から聞いた", told_on=told_on,
        **_who(_closer(city, enrolment.office), told_on),
    )  # fmt: skip


def _pays(enrolment: Enrolment, month: Month) -> bool:
    caps = CapPeriod.objects.filter(client=enrolment.client, first_month__lte=month.first_day)
    row = caps.exclude(last_month__lt=month.first_day).order_by("first_month").last()
    return row is not None and row.cap_yen > 0 and not row.is_managed


def _subsidise(city: City, enrolment: Enrolment, last: Month) -> None:
    decision = Decision.objects.in_force(city.today).filter(client=enrolment.client).first()
    if decision is None:
        return
    first = last - SUBSIDY_MONTHS + 1
    record_subsidy(
        enrolment=enrolment, municipality=decision.municipality, kind=SubsidyKind.PERCENT,
        amount=PERCENT, source="架空の利用者負担助成の要綱", first_month=first.first_day,
        last_month=None, **_who(_closer(city, enrolment.office), first.first_day),
    )  # fmt: skip


def _share(city: City, office: Office, last: Month) -> None:
    """就労移行支援 under the same number: its totals go into the one invoice."""
    closer, day = _closer(city, office), last.last_day
    choose_claim_way(
        office=office, invoice_way=InvoiceWay.TOGETHER, omits_names=False, **_who(closer, day)
    )
    for municipality, count in ((city.wards[2], 6), (city.wards[0], 2)):
        units, paid = 14_200 * count, 9_300 * (count // 3)
        record_other_sum(
            office=office, month=last - 1, municipality=municipality, service_type=TRANSITION,
            count=count, units=units, total_cost_yen=units * 10, benefit_yen=units * 10 - paid,
            copayment_yen=paid, **_who(closer, day),
        )  # fmt: skip


def _closer(city: City, office: Office) -> Membership:
    return next(
        member for member in city.staff.values()
        if member.office_id == office.pk and member.may(Permission.MONTH_CLOSE)
    )  # fmt: skip


def _who(by: Membership, day: date) -> dict[str, Any]:
    return {"by": by, "at": at_noon(day)}
