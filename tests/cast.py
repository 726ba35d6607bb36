"""The fixed cast: an owner, colleagues in every role, outsiders, wards; built by the actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.actions.invoice import issue_invoice
from billing.actions.month import close_month
from billing.actions.office import confirm_tariff, confirm_tier
from billing.models import Invoice, PersonMonth
from clients.actions.employment import employer_named
from clients.actions.enrolment import assign_staff
from clients.models import Employment, Enrolment, Organisation
from clients.rules.window import support_window
from plans.actions import application as applications
from plans.actions import certificate as certificates
from plans.actions import life_change
from plans.actions.report import give_consent, share_report, write_report
from plans.actions.support_plan import record_support_plan
from plans.models import Application, Decision, Interview
from plans.queries.appointment import last_words
from plans.rules.decision import longest_decision
from teikyaku.accounts.actions.reference import load_reference
from teikyaku.accounts.models import Membership, Municipality, Office, OfficeTerms, User
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.periods import Month, months_later
from tests.kept import kept

PASSWORD = "only-for-tests-12"
LONG_AGO = date(2020, 4, 1)


def make_member(
    key: str,
    *roles: Role,
    office: Office | None = None,
    municipality: Municipality | None = None,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Membership:
    """A user with a password and one membership."""
    user = User.objects.create_user(
        email=f"{key}@cast.example.jp", name=f"職員 {key}", password=PASSWORD
    )
    return Membership.objects.create(
        user=user,
        office=office,
        municipality=municipality,
        roles=[role.value for role in roles],
        starts_on=starts_on,
        ends_on=ends_on,
    )


def make_office(number: str, name: str) -> Office:
    """An office."""
    return Office.objects.create(
        number=number, name=name, corporation=f"{name}の法人", opened_on=LONG_AGO
    )


@dataclass
class Cast:
    """Everybody, and one person of each office and ward with everything on file."""

    today: date
    wards: list[Municipality] = field(default_factory=list)
    office: Office = None  # type: ignore[assignment]
    other_office: Office = None  # type: ignore[assignment]
    members: dict[str, Membership] = field(default_factory=dict)
    enrolment: Enrolment = None  # type: ignore[assignment]
    foreign: Enrolment = None  # type: ignore[assignment]
    application: Application = None  # type: ignore[assignment]
    decision: Decision = None  # type: ignore[assignment]
    interview: Interview = None  # type: ignore[assignment]
    person_month: PersonMonth = None  # type: ignore[assignment]
    invoice: Invoice = None  # type: ignore[assignment]
    # What stands in addresses of theirs (tests/access/urls.py), once it was asked for.
    addresses: dict[str, Any] = field(default_factory=dict)

    def user(self, key: str) -> User:
        """The user of a member."""
        return self.members[key].user


MEMBERS = (
    ("worker", (Role.SUPPORT_WORKER,), "office"),
    ("manager", (Role.SERVICE_MANAGER,), "office"),
    ("head", (Role.OFFICE_MANAGER,), "office"),
    ("billing", (Role.BILLING,), "office"),
    ("outsider", (Role.SUPPORT_WORKER, Role.SERVICE_MANAGER, Role.OFFICE_MANAGER, Role.BILLING),
     "other"),
    ("officer", (Role.WARD_OFFICER,), "ward"),
    ("other_officer", (Role.WARD_OFFICER,), "other_ward"),
    ("city", (Role.CITY,), "city"),
    ("admin", (Role.SYSTEM_ADMIN,), "system"),
    ("admin2", (Role.SYSTEM_ADMIN,), "system"),
)  # fmt: skip


def make_cast(today: date) -> Cast:
    """Build everybody as of `today`."""
    cast = Cast(today)
    cast.wards = load_reference()
    cast.office = make_office("1500000001", "ひなた")
    cast.other_office = make_office("1500000002", "よその事業所")
    places: dict[str, dict[str, Any]] = {
        "office": {"office": cast.office},
        "other": {"office": cast.other_office},
        "ward": {"municipality": cast.wards[2]},
        "other_ward": {"municipality": cast.wards[0]},
        "city": {"municipality": cast.wards[0].city},
        "system": {},
    }
    for key, roles, place in MEMBERS:
        cast.members[key] = make_member(key, *roles, **places[place])
    gone = {"office": cast.office, "ends_on": today - timedelta(days=1)}
    cast.members["gone"] = make_member("gone", Role.OFFICE_MANAGER, **gone)
    settle_office(cast, cast.office, cast.members["head"])
    settle_office(cast, cast.other_office, cast.members["outsider"])
    _people(cast)
    return cast


def settle_office(cast: Cast, office: Office, head: Membership) -> None:
    """Terms and tier, so that months can be closed."""
    at = at_noon(LONG_AGO)
    OfficeTerms.objects.create(
        office=office, starts_on=LONG_AGO, area_class="23", unit_price=Decimal("10.00"),
        source="試験", recorded_by=cast.members["admin"], recorded_at=at,
    )  # fmt: skip
    for year in range(2023, cast.today.year + 1):
        confirm_tier(
            office=office, fiscal_year=year, tier="80", notified_on=date(year, 4, 10),
            by=head, at=at_noon(date(year, 4, 10)),
        )  # fmt: skip


def take_in(
    office: Office, worker: Membership, employed_on: date, name: str = "試験 太郎",
    kana: str = "しけん たろう", birth_date: date = date(1990, 1, 2),
) -> Enrolment:  # fmt: skip
    """A person with a prior service and a job, whose window is open or will be."""
    opened = support_window(employed_on).first_usable_on - timedelta(days=70)
    return life_change.take_in_person(
        office=office, starts_on=opened, name=name, kana=kana, birth_date=birth_date,
        services=[{"kind": "transition", "office_name": "前の事業所",
                   "starts_on": employed_on - timedelta(days=500),
                   "ends_on": employed_on - timedelta(days=1)}],
        job={"employer": employer_named(name="架空商店"), "starts_on": employed_on},
        by=worker, at=at_noon(opened),
    )  # fmt: skip


def transcribe(
    enrolment: Enrolment, ward: Municipality, worker: Membership, number: str, starts_on: date,
    cap_yen: int | None = 9300,
) -> Decision:  # fmt: skip
    """A paper certificate from a day on, with a cap where given."""
    longest = longest_decision(starts_on, None, 12)
    cap = None
    if cap_yen is not None:
        first = Month.of(starts_on).first_day
        category = "general_1" if cap_yen else "low_income"
        cap = certificates.Cap(first, None, category, cap_yen)
    day = starts_on - timedelta(days=20)
    return certificates.transcribe_certificate(
        client=enrolment.client, municipality=ward,
        grant=certificates.Grant(day, starts_on, longest.ends_on, "当該月の日数"),
        paper=certificates.Paper(number, day, starts_on), cap=cap, by=worker, at=at_noon(day),
    )  # fmt: skip


def start_use(
    enrolment: Enrolment, worker: Membership, manager: Membership, starts_on: date
) -> None:
    """Contract and support plan; use begins."""
    day = starts_on - timedelta(days=3)
    life_change.start_use(
        enrolment=enrolment, explained_on=day, signed_on=day, starts_on=starts_on,
        by=worker, at=at_noon(day),
    )  # fmt: skip
    record_support_plan(
        enrolment=enrolment, wishes="長く働く", goals="通う", support="会う", assessed_on=day,
        drafted_on=day, meeting_on=day, consented_on=day, handed_over_on=day,
        starts_on=starts_on, review_by=starts_on + timedelta(days=180),
        by=manager, at=at_noon(day),
    )  # fmt: skip


def meet(enrolment: Enrolment, worker: Membership, on: date, **facts: Any) -> Interview:
    """A meeting face to face, settled unless said otherwise."""
    details = {"work_rating": "settled", "life_rating": "settled", "notes": "元気", **facts}
    return life_change.log_interview(
        enrolment=enrolment, held_on=on, way="face", outcome="met", met_by=worker,
        by=worker, at=at_noon(on), **details,
    )  # fmt: skip


def talk(enrolment: Enrolment, worker: Membership, on: date, **facts: Any) -> Interview:
    """A contact as a row of its own: nothing of it reaches the pace, only the day that it agrees."""
    at = at_noon(on)
    row = Interview.objects.create(
        enrolment=enrolment, held_on=on, met_by=worker, recorded_by=worker, recorded_at=at,
        agreed_at=at if facts.get("next_on") else None, **facts,
    )  # fmt: skip
    words = last_words([enrolment.pk])[enrolment.pk]
    Enrolment.objects.filter(pk=enrolment.pk).update(
        appointment_on=words.appointment_on, refused_on=words.refused_on
    )
    return row


def report(enrolment: Enrolment, worker: Membership, on: date) -> None:
    """The month's report, written and shared with the person on a day."""
    row = write_report(
        enrolment=enrolment, month=Month.of(on).first_day, goals="目標", done="面談",
        result="よい", next_steps="続ける", by=worker, at=at_noon(on),
    )  # fmt: skip
    share_report(
        report=row, recipient="person", shared_on=on, way="handed", by=worker, at=at_noon(on)
    )


def ready_person(
    cast: Cast, office: Office, worker: Membership, manager: Membership, number: str, **who: Any
) -> Enrolment:
    """Somebody in use for some months, whose last month is ready to be closed."""
    employed_on = (Month.of(cast.today) - 12).first_day
    enrolment = take_in(office, worker, employed_on, **who)
    starts_on = (Month.of(cast.today) - 3).first_day
    transcribe(enrolment, cast.wards[2], worker, number, starts_on)
    start_use(enrolment, worker, manager, starts_on)
    for back in (3, 2, 1):
        day = (Month.of(cast.today) - back).first_day + timedelta(days=9)
        meet(enrolment, worker, day)
        report(enrolment, worker, day)
    return enrolment


def cast_of(today: date) -> Cast:
    """Everybody as of `today`, from memory where they were built before in this run."""
    people: Cast = kept(make_cast, today)
    return people


def _people(cast: Cast) -> None:
    worker, manager = cast.members["worker"], cast.members["manager"]
    out = cast.members["outsider"]
    tariff_first = Month(2026, 6).first_day
    confirm_tariff(
        tariff="R6", first_month=tariff_first, last_month=None, source="試験", is_sample=True,
        by=cast.members["admin"], at=at_noon(cast.today),
    )  # fmt: skip
    cast.enrolment = ready_person(cast, cast.office, worker, manager, "1234567890")
    cast.foreign = ready_person(
        cast, cast.other_office, out, out, "1234567891", name="よその 人", kana="よその ひと"
    )
    assign_staff(
        enrolment=cast.enrolment, staff=worker, starts_on=cast.enrolment.starts_on, by=manager,
        at=at_noon(cast.today),
    )  # fmt: skip
    give_consent(
        enrolment=cast.enrolment, recipient="family", scope="report",
        starts_on=cast.enrolment.starts_on, by=worker, at=at_noon(cast.today),
    )  # fmt: skip
    cast.interview = Interview.objects.filter(enrolment=cast.enrolment).latest("held_on")
    month = Month.of(cast.today) - 2
    billing, at = cast.members["billing"], datetime.fromisoformat(f"{cast.today}T09:00:00+09:00")
    closing = close_month(office=cast.office, month=month, by=billing, at=at)
    cast.person_month = closing.person_months.get()
    cast.invoice = issue_invoice(person_month=cast.person_month, by=billing, at=at)
    _ward_application(cast)


def _ward_application(cast: Cast) -> None:
    officer, at = cast.members["officer"], at_noon(cast.today)
    day = cast.today - timedelta(days=30)
    enrolment = take_in(
        cast.office, cast.members["worker"], (Month.of(cast.today) - 8).first_day,
        name="申請 花子", kana="しんせい はなこ",
    )  # fmt: skip
    application = applications.receive_application(
        client=enrolment.client, municipality=cast.wards[2], kind="new", received_on=day,
        received_place="ward_office", by=officer, at=at,
    )  # fmt: skip
    applications.record_survey(
        application=application, held_on=day, held_by="調査員", difficulties="朝", by=officer, at=at
    )
    applications.receive_plan(
        application=application, stage="proposed", author="self", organisation=None,
        received_on=day, monitoring_months=None, by=officer, at=at,
    )  # fmt: skip
    first = cast.today.replace(day=1)
    cast.decision = certificates.grant_decision(
        application=application,
        grant=certificates.Grant(day, first, longest_decision(first, None, 12).ends_on, "当該月"),
        paper=certificates.Paper("2222222222", day, first),
        cap=certificates.Cap(first, None, "low_income", 0),
        by=officer,
        at=at,
    )
    cast.application = application


def job_of(enrolment: Enrolment) -> Employment:
    """The person's job."""
    return Employment.objects.get(client=enrolment.client)


def window_until(people: Any, last_on: date) -> None:
    """Three whole years that end on `last_on`, for these enrolments: no leaving cuts them."""
    first_on = months_later(last_on + timedelta(days=1), -36)
    people.update(window_starts_on=first_on, window_ends_on=last_on)


def make_centre() -> Organisation:
    """A centre."""
    return Organisation.objects.get_or_create(kind="centre", name="架空センター")[0]
