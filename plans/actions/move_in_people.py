"""移行の取込: what one line says of a person, and all of it carried out as one step.

Every fact is written by the action of its own page, so that the same rules hold. What is on file of
somebody who is known is never overwritten: what lacks is added, what differs is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions import client as client_actions
from clients.actions.employment import employer_named
from clients.actions.enrolment import assign_staff
from clients.actions.facts import add_fact
from clients.models import (
    Client,
    Disability,
    Employment,
    Enrolment,
    PriorService,
    Residence,
    StaffAssignment,
)
from clients.rules.names import search_key
from plans.actions import certificate as certificates
from plans.actions import life_change
from plans.actions import pace as pace_actions
from plans.actions.caps import Cap, add_cap_period
from plans.actions.opening import record_opening
from plans.actions.support_plan import latest_review_of, record_support_plan
from plans.models import (
    CapPeriod,
    Certificate,
    Contract,
    Decision,
    OpeningFacts,
    SupportPlan,
)
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Role
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month, Period, in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """利用者 as one line of a sheet states them. Days are inclusive, months are first days."""

    name: str
    kana: str
    birth_date: date
    phone: str = ""
    lives_in: Municipality | None = None
    address: str = ""
    lives_from: date | None = None
    disabilities: tuple[str, ...] = ()
    disabled_from: date | None = None
    employer: str = ""
    employer_address: str = ""
    employed_on: date | None = None
    weekly_minutes: int | None = None
    must_not_contact: bool = False
    service_kind: str = ""
    service_office: str = ""
    service_from: date | None = None
    service_until: date | None = None
    municipality: Municipality | None = None
    number: str = ""
    granted_from: date | None = None
    granted_until: date | None = None
    decided_on: date | None = None
    issued_on: date | None = None
    amount: str = ""
    cap_yen: int | None = None
    category: str = ""
    cap_first_month: date | None = None
    cap_last_month: date | None = None
    managing_name: str = ""
    managing_number: str = ""
    consulted_from: date | None = None
    explained_on: date | None = None
    signed_on: date | None = None
    use_from: date | None = None
    contracted_amount: str = ""
    entry_number: int | None = None
    initial_month: date | None = None
    staff: Membership | None = None
    last_met_on: date | None = None
    pace_months: int | None = None
    settled: int | None = None
    plan_made_on: date | None = None
    plan_from: date | None = None
    plan_review_by: date | None = None
    plan_goal: str = ""
    without_plan_since: date | None = None

    @property
    def opens_on(self) -> date | None:
        """The day from which the office works with the person, as far as the line says."""
        if self.consulted_from is not None:
            return self.consulted_from
        days = (self.explained_on, self.signed_on, self.use_from, self.last_met_on)
        return min((day for day in days if day is not None), default=None)

    @property
    def cap(self) -> Cap | None:
        """The cap, from the first month of the decision where no other one is stated."""
        first = self.cap_first_month or self.granted_from
        if self.cap_yen is None or first is None:
            return None
        return Cap(
            Month.of(first).first_day, self.cap_last_month, self.category, self.cap_yen,
            bool(self.managing_name or self.managing_number), self.managing_number,
            self.managing_name,
        )  # fmt: skip


@dataclass(slots=True)
class Told:
    """What a line does, in words: what is added, and what is on file otherwise and stays."""

    added: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a line is about, as far as they are on file; nobody for somebody new."""

    client: Client | None = None
    enrolment: Enrolment | None = None
    """The running one at the office."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What each part is handed."""

    row: PersonRow
    client: Client
    enrolment: Enrolment
    is_new: bool
    by: Membership
    at: datetime
    told: Told

    @property
    def on(self) -> date:
        return date_of(self.at)

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at}


@transaction.atomic
def take_in(
    *, row: PersonRow, person: Person, office: Office, by: Membership, at: datetime
) -> tuple[Enrolment, Told]:
    """Store all that a line says, or nothing of it.

    Raises ValidationError by field of the line.
    """
    told = Told()
    enrolment = _enrolment(row, person, office, told, by, at)
    desk = _Desk(row, enrolment.client, enrolment, person.client is None, by, at, told)
    for part in PARTS:
        part(desk)
    return enrolment, told


def _enrolment(
    row: PersonRow, person: Person, office: Office, told: Told, by: Membership, at: datetime
) -> Enrolment:
    opens_on = row.opens_on or date_of(at)
    if person.enrolment is not None:
        return person.enrolment
    if person.client is not None:
        told.added.append(_("この事業所の利用者に加える（%(on)sから）") % {"on": both(opens_on)})
        with _at_fields(starts_on="consulted_from"):
            enrolment = client_actions.open_enrolment(
                client=person.client, office=office, starts_on=opens_on, by=by, at=at
            )
            pace_actions.refresh([enrolment], on=date_of(at))
        return enrolment
    told.added.append(_("新しい利用者（%(on)sから）") % {"on": both(opens_on)})
    with _at_fields(starts_on="consulted_from"):
        return life_change.take_in_person(
            office=office, starts_on=opens_on, services=[], job=None, name=row.name,
            kana=row.kana, birth_date=row.birth_date, phone=row.phone, by=by, at=at,
        )  # fmt: skip


# --- Each part of a line --------------------------------------------------------------------------


def _basics(desk: _Desk) -> None:
    """Of somebody who is known: name and telephone number are told where they differ."""
    row, client = desk.row, desk.client
    if desk.is_new:
        return
    name = client.name_in_force(desk.on)
    if name is not None and search_key(name.name) != search_key(row.name):
        desk.told.differs.append(_differs(_("氏名"), row.name, name.name))
    if row.phone and _digits(row.phone) != _digits(client.phone):
        desk.told.differs.append(_differs(_("電話番号"), row.phone, client.phone))


def _residence(desk: _Desk) -> None:
    row = desk.row
    if not row.address or row.lives_in is None:
        return
    starts_on = row.lives_from or desk.on
    known = None if desk.is_new else desk.client.residences.filter(in_force(desk.on)).first()
    if known is not None:
        if not known.is_protected and search_key(known.address) != search_key(row.address):
            desk.told.differs.append(_differs(_("住所"), row.address, known.address))
        return
    with _at_fields(Residence, starts_on="lives_from", municipality="lives_in"):
        fact = Residence(
            client=desk.client, municipality=row.lives_in, address=row.address, starts_on=starts_on
        )
        add_fact(fact, verb="residence_recorded", **desk.who)
    desk.told.added.append(_("住所 %(where)s（%(on)sから）") % {
        "where": row.lives_in.full_name, "on": both(starts_on)
    })  # fmt: skip


def _disabilities(desk: _Desk) -> None:
    row = desk.row
    known = set() if desk.is_new else set(desk.client.disabilities.values_list("kind", flat=True))
    starts_on = row.disabled_from or row.granted_from or desk.on
    for kind in row.disabilities:
        if kind in known:
            continue
        with _at_fields(Disability, starts_on="disabled_from", kind="disabilities"):
            fact = Disability(client=desk.client, kind=kind, starts_on=starts_on)
            add_fact(fact, verb="disability_recorded", **desk.who)
        label = Disability.Kind(kind).label
        desk.told.added.append(_("障がい種別 %(kind)s") % {"kind": label})


def _service(desk: _Desk) -> None:
    row = desk.row
    if not row.service_kind or row.service_from is None:
        return
    known = [] if desk.is_new else list(desk.client.prior_services.all())
    if any((each.kind, each.starts_on) == (row.service_kind, row.service_from) for each in known):
        return
    if known:
        desk.told.differs.append(_("就職前のサービスは、登録が別の内容です（変えません）"))
        return
    with _at_fields(PriorService, rest="service_from", **_SERVICE):
        fact = life_change.add_prior_service(
            client=desk.client, kind=row.service_kind, office_name=row.service_office,
            starts_on=row.service_from, ends_on=row.service_until, **desk.who,
        )  # fmt: skip
    kind = fact.get_kind_display()
    desk.told.added.append(_("就職前のサービス %(kind)s") % {"kind": kind})


def _job(desk: _Desk) -> None:
    row = desk.row
    if not row.employer or row.employed_on is None:
        return
    known = [] if desk.is_new else list(desk.client.employments.select_related("employer"))
    wanted = (search_key(row.employer), row.employed_on)
    if any((search_key(each.employer.name), each.starts_on) == wanted for each in known):
        return
    if known:
        text, held = f"{row.employer} {both(row.employed_on)}", known[-1]
        on_file = f"{held.employer.name} {both(held.starts_on)}"
        desk.told.differs.append(_differs(_("就労"), text, on_file))
        return
    with _at_fields(Employment, rest="employed_on", starts_on="employed_on"):
        life_change.add_employment(
            client=desk.client,
            employer=employer_named(name=row.employer, address=row.employer_address),
            starts_on=row.employed_on, weekly_minutes=row.weekly_minutes,
            must_not_contact=row.must_not_contact, **desk.who,
        )  # fmt: skip
    desk.told.added.append(_("就労（%(on)sから）") % {"on": both(row.employed_on)})


def _opening(desk: _Desk) -> None:
    row = desk.row
    if row.last_met_on is None and row.without_plan_since is None:
        return
    if not desk.is_new and OpeningFacts.objects.filter(enrolment=desk.enrolment).exists():
        known = desk.enrolment.opening.last_met_on
        if known != row.last_met_on and row.last_met_on is not None:
            desk.told.differs.append(
                _differs(_("最後の面談日"), both(row.last_met_on), both(known) if known else "")
            )
        return
    with _at_fields(OpeningFacts, rest="last_met_on", settled_meetings="settled"):
        record_opening(
            enrolment=desk.enrolment, last_met_on=row.last_met_on, pace_months=row.pace_months or 1,
            settled_meetings=row.settled or 0, without_plan_since=row.without_plan_since,
            **desk.who,
        )  # fmt: skip
    if row.last_met_on is not None:
        desk.told.added.append(_("最後の面談 %(on)s") % {"on": both(row.last_met_on)})


def _decision(desk: _Desk) -> None:
    row = desk.row
    if row.municipality is None or row.granted_from is None or row.granted_until is None:
        return
    period = Period(row.granted_from, row.granted_until)
    known = [] if desk.is_new else list(desk.client.decisions.standing())
    same = [each for each in known if each.starts_on == row.granted_from]
    if not same and not any(
        Period(each.starts_on, each.ends_on).overlaps(period) for each in known
    ):
        _transcribe(desk, row.municipality, row.granted_from, row.granted_until)
        return
    on_file = same[0] if same else known[-1]
    if (on_file.starts_on, on_file.ends_on) != (row.granted_from, row.granted_until):
        text = f"{both(row.granted_from)}〜{both(row.granted_until)}"
        held = f"{both(on_file.starts_on)}〜{both(on_file.ends_on)}"
        desk.told.differs.append(_differs(_("支給決定期間"), text, held))
    _cap_of_known(desk, row.municipality)


def _transcribe(desk: _Desk, ward: Municipality, starts_on: date, ends_on: date) -> None:
    row = desk.row
    issued_on = row.issued_on or row.decided_on or starts_on
    grant = certificates.Grant(
        row.decided_on or issued_on, starts_on, ends_on, row.amount or _("当該月の日数")
    )
    with _at_fields(Decision, Certificate, CapPeriod, rest="granted_from", **_PAPER):
        certificates.transcribe_certificate(
            client=desk.client, municipality=ward, grant=grant,
            paper=certificates.Paper(row.number, issued_on, starts_on), cap=row.cap, **desk.who,
        )  # fmt: skip
    text = _("受給者証 %(first)s〜%(last)s") % {"first": both(starts_on), "last": both(ends_on)}
    if row.issued_on is None:
        text += _("（交付日は %(on)s とします）") % {"on": both(issued_on)}
    desk.told.added.append(text)
    if row.cap is not None:
        desk.told.added.append(_("負担上限月額 %(yen)s") % {"yen": yen(row.cap.cap_yen)})


def _cap_of_known(desk: _Desk, ward: Municipality) -> None:
    cap = desk.row.cap
    if cap is None:
        return
    held = list(desk.client.cap_periods.all())
    asked = Period(cap.first_month, cap.last_month)
    over = [each for each in held if Period(each.first_month, each.last_month).overlaps(asked)]
    if not over:
        with _at_fields(CapPeriod, rest="granted_from", **_PAPER):
            add_cap_period(client=desk.client, municipality=ward, cap=cap, **desk.who)
        desk.told.added.append(_("負担上限月額 %(yen)s") % {"yen": yen(cap.cap_yen)})
    elif any(each.cap_yen != cap.cap_yen for each in over):
        desk.told.differs.append(
            _differs(_("負担上限月額"), yen(cap.cap_yen), yen(over[-1].cap_yen))
        )


def _contract(desk: _Desk) -> None:
    row = desk.row
    signed_on = row.signed_on
    if signed_on is None:
        return
    use_from = row.use_from or signed_on
    known = None if desk.is_new else desk.enrolment.contracts.order_by("starts_on").last()
    if known is not None:
        if known.starts_on != use_from:
            desk.told.differs.append(
                _differs(_("利用開始日"), both(use_from), both(known.starts_on))
            )
        return
    with _at_fields(Contract, rest="use_from", **_SIGNED):
        life_change.start_use(
            enrolment=desk.enrolment, explained_on=row.explained_on or signed_on,
            signed_on=signed_on, starts_on=use_from, contracted_amount=row.contracted_amount,
            entry_number=row.entry_number or 1, initial_addition_month=row.initial_month,
            **desk.who,
        )  # fmt: skip
    desk.told.added.append(_("利用契約（利用開始 %(on)s）") % {"on": both(use_from)})


def _plan(desk: _Desk) -> None:
    row = desk.row
    made_on = row.plan_made_on
    if made_on is None:
        return
    starts_on = row.plan_from or made_on
    plans = desk.enrolment.support_plans
    if not desk.is_new and plans.filter(stopped_on=None, starts_on__gte=starts_on).exists():
        return
    review_by = row.plan_review_by or latest_review_of(starts_on)
    with _at_fields(SupportPlan, rest="plan_from", **_PLANNED):
        record_support_plan(
            enrolment=desk.enrolment, goals=row.plan_goal, assessed_on=made_on, drafted_on=made_on,
            meeting_on=made_on, consented_on=made_on, handed_over_on=made_on, starts_on=starts_on,
            review_by=review_by, manager=_only_manager(desk), **desk.who,
        )  # fmt: skip
    desk.told.added.append(_("個別支援計画（見直し %(on)sまで）") % {"on": both(review_by)})


def _only_manager(desk: _Desk) -> Membership | None:
    """The office's サービス管理責任者 on the day, where there is one alone: who answered for the plan."""
    held = staff_of(desk.enrolment.office, desk.on)
    managers = [each for each in held if each.has_role(Role.SERVICE_MANAGER)]
    return managers[0] if len(managers) == 1 else None


def _staff(desk: _Desk) -> None:
    staff = desk.row.staff
    if staff is None:
        return
    held = StaffAssignment.objects.in_charge(desk.on).filter(enrolment=desk.enrolment)
    known = None if desk.is_new else held.select_related("staff__user").first()
    if known is not None:
        if known.staff.user_id != staff.user_id:
            desk.told.differs.append(_differs(_("担当"), staff.user.name, known.staff.user.name))
        return
    with _at_fields(StaffAssignment, rest="staff", starts_on="staff"):
        assign_staff(enrolment=desk.enrolment, staff=staff, starts_on=desk.on, **desk.who)
    desk.told.added.append(_("担当 %(who)s") % {"who": staff.user.name})


PARTS: tuple[Callable[[_Desk], None], ...] = (
    _basics, _residence, _disabilities, _service, _job, _opening, _decision,
    _contract, _plan, _staff,
)  # fmt: skip

# What the actions call a field, where the line has another name for it.
_SERVICE = {
    "starts_on": "service_from", "ends_on": "service_until", "kind": "service_kind",
    "office_name": "service_office",
}  # fmt: skip
_PAPER = {
    "starts_on": "granted_from", "ends_on": "granted_until", "first_month": "cap_first_month",
    "last_month": "cap_last_month", "applies_on": "granted_from",
    "managing_office_number": "managing_number", "managing_office_name": "managing_name",
}  # fmt: skip
_SIGNED = {"starts_on": "use_from", "initial_addition_month": "initial_month"}
_PLANNED = {
    "starts_on": "plan_from", "review_by": "plan_review_by", "consented_on": "plan_made_on",
    "handed_over_on": "plan_made_on", "assessed_on": "plan_made_on",
}  # fmt: skip


@contextmanager
def _at_fields(*models: Any, rest: str = "", **places: str) -> Iterator[None]:
    """Tell what is refused inside at the fields of the line; what names no field at `rest`."""
    try:
        with violations_as_validation_errors(*models):
            yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            if not rest:
                raise
            raise ValidationError({rest: error.messages}) from error
        found: dict[str, list[ValidationError]] = {}
        for name, errors in error.error_dict.items():
            place = places.get(name, name)
            found.setdefault(rest if place == NON_FIELD_ERRORS and rest else place, []).extend(
                errors
            )
        raise ValidationError(found) from error


def _differs(what: str, file: str, on_file: str) -> str:
    text = _("%(what)sが登録とちがいます（変えません）：ファイル「%(file)s」、登録「%(held)s」")
    return text % {"what": what, "file": file, "held": on_file}


def _digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdigit())
