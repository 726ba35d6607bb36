"""The path of a life: application, survey, plan, decision, certificate, caps, contract."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from clients.models import RecipientNumber
from clients.rules.kinds import Category
from plans.actions import application as applications
from plans.actions import certificate as certificates
from plans.actions import completion, life_change
from plans.actions.contract import report_contract
from plans.models import Application, ApplicationDocument, Certificate, ServiceUsePlan
from plans.rules.decision import longest_decision
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.roles import Role
from teikyaku.desk.demo.lives import Life
from teikyaku.desk.demo.plan import USING, Stage
from teikyaku.desk.demo.shared_caps import managed_by
from teikyaku.periods import Month, day_after

MONTHS = 12
AMOUNT = "当該月の日数"
CAPS = {
    Category.PUBLIC_ASSISTANCE: 0, Category.LOW_INCOME: 0, Category.GENERAL_1: 9300,
    Category.GENERAL_2: 37200,
}  # fmt: skip
REACHED = {
    Stage.APPLIED: 1, Stage.SURVEYED: 2, Stage.PROPOSED: 3, Stage.DECIDED: 4, Stage.REFUSED: 2,
    Stage.WITHDRAWN: 2,
}  # fmt: skip


def municipality_of(life: Life) -> Municipality:
    """The ward that decides; for some, another city."""
    elsewhere = life.city.elsewhere
    if life.plan.index % 19 == 5 and not life.plan.by_ward and elsewhere is not None:  # noqa: PLR2004
        return elsewhere
    return life.city.wards[life.plan.ward]


def officer_of(life: Life) -> Membership:
    """The officer of the person's ward; where it has several, each has their share."""
    ward = life.city.wards[life.plan.ward]
    officers = [
        member
        for member in life.city.staff.values()
        if member.has_role(Role.WARD_OFFICER) and member.municipality_id == ward.pk
    ]
    return officers[life.plan.index % len(officers)]


def use_starts_on(life: Life) -> date:
    """When use begins: the first usable day, or some weeks later."""
    return life.window.first_usable_on + timedelta(days=life.plan.index % 4 * 9)


def walk_path(life: Life) -> date | None:
    """As far as the person's stage goes. Returns the day on which use began, or None."""
    plan = life.plan
    if plan.stage == Stage.WAITING:
        return None
    if plan.stage in USING:
        return begin_use(life, use_starts_on(life))
    _ward_path(life, life.today + timedelta(days=20), REACHED[plan.stage])
    return None


def begin_use(life: Life, starts_on: date) -> date:
    """Decision, certificate, cap and contract for a use from `starts_on` on, which is returned."""
    if life.plan.by_ward:
        _ward_path(life, starts_on, 5)
    else:
        _transcribe(life, starts_on)
    return _contract(life, starts_on)


def _contact(index: int) -> dict[str, str]:
    """Two of three left a number, every sixth that of their mother."""
    if index % 3 == 0:
        return {}
    whose = "母" if index % 6 == 1 else ""
    return {"contact_phone": f"090-0000-{index:04d}", "contact_name": whose}


def _ward_path(life: Life, starts_on: date, reached: int) -> None:
    officer, ward = officer_of(life), life.city.wards[life.plan.ward]
    days = [starts_on - timedelta(days=back) for back in (60, 48, 35, 20, 12)]
    if life.plan.stage not in USING:
        # Applications that still run have moved in the last weeks, each at its own pace.
        spread = 4 + life.plan.index % 9
        days = [life.today - timedelta(days=spread * (reached - step)) for step in range(5)]
    application = applications.receive_application(
        client=life.client, municipality=ward, kind=Application.Kind.NEW, received_on=days[0],
        received_place=Application.Place.WARD_OFFICE, by=officer, at=life.at(days[0]),
        **_contact(life.plan.index),
    )  # fmt: skip
    if life.plan.stage == Stage.WITHDRAWN:
        applications.end_application(
            application=application, outcome=Application.Outcome.WITHDRAWN, on=days[1],
            reason="本人が、もう少し自分でやってみたいと話したため。", by=officer, at=life.at(days[1]),
        )  # fmt: skip
        return
    if life.plan.stage not in USING:
        _papers(life, application, days[0], officer)
    if reached >= 2:  # noqa: PLR2004
        _survey(life, application, days[1], officer)
    if life.plan.stage == Stage.REFUSED:
        _refuse(life, application, days[2], officer)
        return
    if reached >= 3:  # noqa: PLR2004
        _receive_plan(life, application, ServiceUsePlan.Stage.PROPOSED, days[2], officer)
    if reached >= 4:  # noqa: PLR2004
        first = max(starts_on, life.window.first_usable_on)
        _grant(life, application, first, days[3], officer)
    if reached >= 5:  # noqa: PLR2004
        _receive_plan(life, application, ServiceUsePlan.Stage.FINAL, days[4], officer)


def _papers(life: Life, application: Application, day: date, officer: Membership) -> None:
    """The form is there; of some the income paper is still wanted."""
    kinds = ApplicationDocument.Kind
    is_wanted = (
        life.plan.stage == Stage.SURVEYED and life.plan.index % 2 == 0
        # Public assistance shows in its own paper: no tax is asked for.
        and life.plan.category != Category.PUBLIC_ASSISTANCE
    )  # fmt: skip
    ticked = [
        completion.Ticked(kinds.FORM, day),
        completion.Ticked(kinds.IDENTITY, day),
        completion.Ticked(kinds.INCOME, None if is_wanted else day),
        completion.Ticked(kinds.PROXY, is_waived=True),
    ]
    who: dict[str, Any] = {"by": officer, "at": life.at(day)}
    completion.tick_documents(application=application, ticked=ticked, **who)
    if is_wanted:
        completion.ask_completion(
            application=application, asked_on=day,
            wanted="今年度の課税証明書をお願いします。世帯の区分を決めるのに要ります。", **who,
        )  # fmt: skip


def _survey(life: Life, application: Application, day: date, officer: Membership) -> None:
    applications.record_survey(
        application=application, held_on=day, held_by=officer.user.name,
        work="仕事には慣れてきたが、忙しい日に混乱することがある。",
        living="一人暮らし。買い物と金銭管理に不安がある。",
        health="月1回通院。服薬は自分で管理。",
        support_around="母が近くに住む。前の事業所の職員に相談している。",
        difficulties="職場での困りごとを自分から言い出しにくい。休日の過ごし方。",
        by=officer, at=life.at(day),
    )  # fmt: skip


def _refuse(life: Life, application: Application, day: date, officer: Membership) -> None:
    _receive_plan(life, application, ServiceUsePlan.Stage.PROPOSED, day, officer)
    applications.end_application(
        application=application, outcome=Application.Outcome.REFUSED, on=day,
        reason="就職前に対象のサービスを利用していないため。こあサポートを案内した。",
        by=officer, at=life.at(day),
    )  # fmt: skip


def _receive_plan(
    life: Life, application: Application, stage: str, day: date, officer: Membership
) -> None:
    is_self = life.plan.index % 5 == 2  # noqa: PLR2004
    offices = life.city.consultation
    applications.receive_plan(
        application=application,
        stage=stage,
        author=ServiceUsePlan.Author.SELF if is_self else ServiceUsePlan.Author.CONSULTATION,
        organisation=None if is_self else offices[life.plan.index % len(offices)],
        received_on=day,
        monitoring_months=3,
        by=officer,
        at=life.at(day),
    )


def granted_period(life: Life, starts_on: date, decided_on: date) -> certificates.Grant:
    """The longest decision from `starts_on` on, which the person then holds."""
    ends_on = longest_decision(starts_on, life.window.period, MONTHS).ends_on
    life.granted_until = ends_on
    return certificates.Grant(
        decided_on=decided_on, starts_on=starts_on, ends_on=ends_on, amount=AMOUNT
    )


def paper_of(life: Life, issued_on: date, starts_on: date, kind: str) -> certificates.Paper:
    """The certificate, under the person's own number."""
    known = RecipientNumber.objects.filter(client=life.client).first()
    number = known.number if known else f"90{life.plan.index:08d}"
    return certificates.Paper(
        number=number, issued_on=issued_on, applies_on=starts_on, kind=kind, monitoring_months=3
    )


def cap_of(life: Life, first: date) -> certificates.Cap:
    """The cap by the person's category, from the month of `first` on."""
    category = Category(life.plan.category)
    is_managed, number, name = managed_by(life.plan.index, life.enrolment.office)
    return certificates.Cap(
        first_month=Month.of(first).first_day,
        last_month=None,
        category=category.value,
        cap_yen=CAPS[category],
        is_managed=is_managed and CAPS[category] > 0,
        managing_office_number=number if CAPS[category] else "",
        managing_office_name=name if CAPS[category] else "",
    )


def _grant(
    life: Life, application: Application, starts_on: date, day: date, officer: Membership
) -> None:
    certificates.grant_decision(
        application=application,
        grant=granted_period(life, starts_on, day),
        paper=paper_of(life, day, starts_on, Certificate.Kind.NEW),
        cap=cap_of(life, starts_on),
        by=officer,
        at=life.at(day),
    )


def _transcribe(life: Life, starts_on: date) -> None:
    day = starts_on - timedelta(days=18)
    certificates.transcribe_certificate(
        client=life.client,
        municipality=municipality_of(life),
        grant=granted_period(life, starts_on, day),
        paper=paper_of(life, day, starts_on, Certificate.Kind.NEW),
        cap=cap_of(life, starts_on) if life.plan.index % 31 != 9 else None,  # noqa: PLR2004
        by=life.worker,
        at=life.at(starts_on - timedelta(days=14)),
    )


def renew(life: Life, ended_on: date) -> None:
    """The next decision, transcribed from the paper that came in time."""
    starts_on, day = day_after(ended_on), ended_on - timedelta(days=12)
    before = life.client.decisions.order_by("starts_on").last()
    certificates.transcribe_certificate(
        client=life.client,
        municipality=before.municipality if before else municipality_of(life),
        grant=granted_period(life, starts_on, day),
        paper=paper_of(life, day, starts_on, Certificate.Kind.RENEWAL),
        cap=None,
        by=life.worker,
        at=life.at(day),
    )


def _contract(life: Life, starts_on: date) -> date:
    signed_on = starts_on - timedelta(days=5)
    contract = life_change.start_use(
        enrolment=life.enrolment,
        explained_on=starts_on - timedelta(days=7),
        signed_on=signed_on,
        starts_on=starts_on,
        contracted_amount=AMOUNT,
        initial_addition_month=Month.of(starts_on).first_day,
        by=life.worker,
        at=life.at(signed_on),
    )
    report_contract(contract=contract, on=signed_on, by=life.worker, at=life.at(signed_on))
    return starts_on
