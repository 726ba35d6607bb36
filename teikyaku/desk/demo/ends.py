"""What ends in the demo beside rights: consents for a time, papers with a last day, qualifications; some laid aside."""

from __future__ import annotations

from datetime import date, timedelta

from clients.models import Client, Enrolment
from plans.actions.contract import end_contract
from plans.actions.correction import correct_cap
from plans.actions.expiry import settle_end
from plans.actions.report import give_consent
from plans.models import CapPeriod, Contract, Decision
from plans.queries.caseload import alive_q
from plans.queries.expiry_list import When
from plans.queries.ward_expiry import WardExpiries
from plans.rules.expiry import EndKind, WardEndKind
from teikyaku.accounts.actions.qualification import add_qualification
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month, months_later

MANAGER_RENEWAL, JOB_COACH, FIRST = (
    "サービス管理責任者 更新研修", "訪問型職場適応援助者（ジョブコーチ）養成研修", "就労定着支援員の研修",
)  # fmt: skip
NOTE = "（見本）有効期限は、事業所が決めた次の更新の日。"
# Days from today on which the consents for a time end, in turn.
CONSENTS = (-40, -6, 0, 12, 25, 55, 85, 150, 300)
SETTLED = -40
# How far ahead the contract and the cap end that name an end.
CONTRACT_MONTHS, CAP_MONTHS = 2, 1
LAID_ASIDE = {
    WardEndKind.DECISION: "本人が更新を希望しなかった（電話で確認）。",
    WardEndKind.CERTIFICATE: "窓口で、手書きで直した受給者証を渡した。",
}


def let_things_end(city: City) -> None:
    """Qualifications of everybody, consents for a time, a contract and a cap with an end, some laid aside."""
    _qualifications(city)
    for index in range(len(city.offices)):
        _consents(city, index)
        _papers(city, index)
    _lay_aside(city)


def _qualifications(city: City) -> None:
    for turn, member in enumerate(m for m in city.staff.values() if m.office_id):
        head = next(
            m for m in city.staff.values()
            if m.office_id == member.office_id and m.has_role(Role.OFFICE_MANAGER)
        )  # fmt: skip
        if member.has_role(Role.SERVICE_MANAGER):
            # One that has passed, one within the month, the others later.
            _add(city, member, head, MANAGER_RENEWAL, months_later(city.today, turn * 3 - 7))
        elif member.has_role(Role.SUPPORT_WORKER):
            _add(city, member, head, FIRST, None)
            if turn % 2:
                _add(city, member, head, JOB_COACH, city.today + timedelta(days=10 + turn * 9))


def _add(
    city: City, member: Membership, head: Membership, kind: str, valid_until: date | None
) -> None:
    add_qualification(
        membership=member, kind=kind, obtained_on=months_later(city.today, -30),
        valid_until=valid_until, note=NOTE if valid_until else "", by=head, at=at_noon(city.today),
    )  # fmt: skip


def _consents(city: City, index: int) -> None:
    """Of people in use: that a place outside may be asked, for some time."""
    worker = city.of_office(index, Role.SUPPORT_WORKER)[0]
    people = Enrolment.objects.filter(alive_q(city.today), office=city.offices[index])
    using = people.in_use(city.today).order_by("pk")[: len(CONSENTS)]
    for days, enrolment in zip(CONSENTS, using, strict=False):
        begun = max(enrolment.starts_on, months_later(city.today, -5))
        ends_on = max(begun, city.today + timedelta(days=days))
        row = give_consent(
            enrolment=enrolment, recipient="medical", recipient_name="架空クリニック",
            scope="contact", starts_on=begun, by=worker, at=at_noon(begun),
            ends_on=ends_on,
        )  # fmt: skip
        if days == SETTLED and ends_on < city.today:
            settle_end(
                kind=EndKind.CONSENT, ends_on=ends_on, subject_id=row.public_id,
                on_file=ends_on, reason="通院が終わったため、もう連絡しない。",
                client=enrolment.client, by=worker, at=at_noon(city.today),
            )  # fmt: skip


def _papers(city: City, index: int) -> None:
    """Of people in use: one contract that names its last day, and one cap that names its last month."""
    manager, at = city.of_office(index, Role.SERVICE_MANAGER)[0], at_noon(city.today)
    people = Enrolment.objects.filter(
        alive_q(city.today), office=city.offices[index], ends_on=None,
        window_ends_on__gt=months_later(city.today, CONTRACT_MONTHS + 1),
    ).in_use(city.today)  # fmt: skip
    contract = Contract.objects.filter(enrolment__in=people, ends_on=None).order_by("pk").last()
    if contract is not None:
        ends_on = months_later(city.today, CONTRACT_MONTHS)
        end_contract(contract=contract, on=ends_on, by=manager, at=at)
    caps = CapPeriod.objects.filter(
        client__in=people.values("client"), last_month=None, recorded_by__office=city.offices[index]
    )
    cap = caps.order_by("pk").last()
    if cap is not None:
        names = (
            "first_month", "category", "cap_yen", "is_managed", "managing_office_number",
            "managing_office_name", "category_reason",
        )  # fmt: skip
        changes = {name: getattr(cap, name) for name in names}
        changes["last_month"] = (Month.of(city.today) + CAP_MONTHS).first_day
        correct_cap(
            cap=cap, changes=changes, reason="受給者証に、最後の月も書いてあったため", by=manager,
            at=at,
        )  # fmt: skip


def _lay_aside(city: City) -> None:
    """The first end that has passed in the ward whose officers sign in, where one may be."""
    officer = city.staff["chuo"]
    ward = officer.municipality
    assert ward is not None  # noqa: S101  (a ward officer)
    kept = Decision.objects.all().kept_by(ward.pk).filter(is_transcribed=False)
    late = WardExpiries(kept, ward, city.today, When(12, is_late=True))
    row = next((each for each in late.everything() if each.may_be_settled), None)
    one = late.one(row.kind, row.subject_id) if row else None
    if row is not None and one is not None:
        kind = WardEndKind(row.kind)
        settle_end(
            kind=kind, ends_on=row.on, subject_id=row.subject_id, on_file=one[1],
            reason=LAID_ASIDE[kind], client=Client.objects.get(pk=one[0][2]), by=officer,
            at=at_noon(city.today),
        )  # fmt: skip
