"""移行の取込: certificate, cap, contract and plan that one line brings, by the actions of their pages."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.actions.enrolment import begin_work_earlier
from clients.models import Enrolment
from plans.actions import certificate as certificates
from plans.actions import life_change
from plans.actions.caps import add_cap_period
from plans.actions.contract import began_elsewhere
from plans.actions.move_in_caps import add_to_known, cap_of, tell_cap
from plans.actions.move_in_desk import Desk, at_fields
from plans.actions.move_in_initial import tell_entry, tell_initial
from plans.actions.support_plan import latest_review_of, record_support_plan
from plans.models import CapPeriod, Certificate, Contract, Decision, SupportPlan
from plans.move_in_kept import differs
from plans.queries.move_in import is_of_move_in
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.accounts.roles import Role
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month, Period

# What the actions call a field, where the line has another name for it.
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


def decision(desk: Desk) -> None:
    """The certificate as it is on paper, with its cap; of one on file, the cap that lacks."""
    row = desk.row
    if row.municipality is None or row.granted_from is None or row.granted_until is None:
        _tell_ward(desk)
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
        desk.told.differs.append(differs(_("支給決定期間"), text, held))
    _cap_of_known(desk, row.municipality)


def _tell_ward(desk: Desk) -> None:
    """The municipality of a certificate comes in with the certificate alone."""
    row = desk.row
    if row.municipality is None or row.number or row.ended_on is not None:
        return
    if not desk.is_new and desk.client.decisions.standing().exists():
        return
    desk.told.left["municipality"] = _(
        "受給者証番号と支給決定の期間といっしょに入れる項目です。この表にはないので取り込みません。"
        "受給者証の表にも、支給決定市町村を入れてください。"
    )


def _transcribe(desk: Desk, ward: Municipality, starts_on: date, ends_on: date) -> None:
    row = desk.row
    # A certificate of the next period has been handed over by today.
    issued_on = row.issued_on or row.decided_on or min(starts_on, desk.on)
    grant = certificates.Grant(
        row.decided_on or issued_on, starts_on, ends_on, row.amount or _("当該月の日数")
    )
    cap = cap_of(desk)
    with at_fields(Decision, Certificate, CapPeriod, rest="granted_from", **_PAPER):
        certificates.transcribe_certificate(
            client=desk.client, municipality=ward, grant=grant,
            paper=certificates.Paper(row.number, issued_on, starts_on), cap=cap, **desk.who,
        )  # fmt: skip
    desk.told.stored |= {"municipality", "number", "decided_on", "issued_on", "amount"}
    text = _("受給者証 %(first)s〜%(last)s") % {"first": both(starts_on), "last": both(ends_on)}
    if row.issued_on is None:
        text += _("（交付日は %(on)s とします）") % {"on": both(issued_on)}
    desk.told.added.append(text)
    if cap is not None:
        desk.told.stored |= {
            "category", "cap_first_month", "cap_last_month", "is_managed", "managing_name",
            "managing_number",
        }  # fmt: skip
        tell_cap(desk, cap)


def _cap_of_known(desk: Desk, ward: Municipality) -> None:
    cap = cap_of(desk)
    if cap is None:
        return
    held = list(desk.client.cap_periods.all())
    asked = Period(cap.first_month, cap.last_month)
    over = [each for each in held if Period(each.first_month, each.last_month).overlaps(asked)]
    if not over:
        with at_fields(CapPeriod, rest="granted_from", **_PAPER):
            add_cap_period(client=desk.client, municipality=ward, cap=cap, **desk.who)
        tell_cap(desk, cap)
    elif any(each.cap_yen != cap.cap_yen for each in over):
        desk.told.differs.append(
            differs(_("負担上限月額"), yen(cap.cap_yen), yen(over[-1].cap_yen))
        )
    elif len(over) == 1 and over[0].municipality_id == ward.pk:
        with at_fields(CapPeriod, rest="granted_from", **_PAPER):
            add_to_known(desk, cap, over[0])


def contract(desk: Desk) -> None:
    """The contract, with which the use begins."""
    row = desk.row
    signed_on = row.signed_on
    known = None if desk.is_new else desk.enrolment.contracts.order_by("starts_on").last()
    if known is not None or signed_on is None:
        tell_initial(desk, known)
    if known is not None:
        tell_entry(desk, known)
    if signed_on is None:
        return
    use_from = row.use_from or signed_on
    if known is not None:
        if known.starts_on != use_from:
            desk.told.differs.append(
                differs(_("利用開始日"), both(use_from), both(known.starts_on))
            )
        return
    if signed_on > desk.on:
        text = _(
            "まだ来ていない日付です。利用を始める前の方（相談中）として、今日から登録します。契約と利用開始は、"
            "契約した日に、その方のページで記録してください。日付の書きまちがいなら、ここで直せます。"
        )
        desk.told.left["signed_on"] = text
        return
    _refuse_without_right(desk)
    if _waits_for_decision(desk, use_from):
        return
    _begin_earlier(desk, signed_on, use_from)
    with at_fields(Contract, rest="use_from", **_SIGNED):
        life_change.start_use(
            enrolment=desk.enrolment, explained_on=row.explained_on or signed_on,
            signed_on=signed_on, starts_on=use_from, contracted_amount=row.contracted_amount,
            entry_number=row.entry_number or 1, initial_addition_month=row.initial_month,
            **desk.who,
        )  # fmt: skip
    desk.told.stored |= {"explained_on", "signed_on", "contracted_amount"}
    desk.told.added.append(_("利用契約（利用開始 %(on)s）") % {"on": both(use_from)})


def _begin_earlier(desk: Desk, signed_on: date, use_from: date) -> None:
    """Work that another sheet began, without knowing since when, began by the day that this one tells."""
    row, enrolment = desk.row, desk.enrolment
    days = (row.consulted_from, row.explained_on, signed_on, use_from)
    begins = min(day for day in days if day is not None)
    if begins >= enrolment.starts_on or enrolment.use_starts_on is not None:
        return
    # What somebody recorded on the page of the person stays as they said it.
    if not is_of_move_in(enrolment):
        return
    with at_fields(Enrolment, rest="use_from", starts_on="use_from"):
        begin_work_earlier(enrolment=enrolment, starts_on=begins, **desk.who)
    desk.told.added.append(
        _("相談の開始日 %(on)s（前の取込より早い日に変える）") % {"on": both(begins)}
    )


def _waits_for_decision(desk: Desk, use_from: date) -> bool:
    """Whether the contract stays out until the decision is on file, as from a sheet of certificates.

    Use of before the first month here needs none. Who has ended comes in whole or not at all: raises
    ValidationError for them.
    """
    if began_elsewhere(desk.enrolment, use_from) or desk.client.decisions.standing().exists():
        return False
    if desk.row.ended_on is not None:
        text = _(
            "ここで請求する最初の月から後の利用には要ります。受給者証にある支給決定の期間です。"
        )
        raise ValidationError({"granted_from": text})
    field = "use_from" if desk.row.use_from else "signed_on"
    desk.told.left[field] = _(
        "支給決定（受給者証）の記録がないので、契約と利用開始はまだ入れません（相談中として登録します）。"
        "受給者証の表を取り込んだあと、この表をもう一度取り込むと入ります。その方のページでも記録できます。"
    )
    return True


def _refuse_without_right(desk: Desk) -> None:
    """Say which of the two facts lacks from which the right grows: the job, the service before it."""
    row, client = desk.row, desk.client
    has_job = bool(row.employer and row.employed_on) or (
        not desk.is_new and client.employments.exists()
    )
    if not has_job:
        text = _(
            "利用を始めている方には要ります。就職した日から、利用できる期間を数えます。別のシートにあるときは、"
            "そのシートを先に取り込み、この表をあとで入れてください。"
        )
        raise ValidationError({"employed_on": text})
    has_service = bool(row.service_kind) or (not desk.is_new and client.prior_services.exists())
    if not has_service:
        text = _("利用を始めている方には要ります。この行で選んでください。")
        raise ValidationError({"service_kind": text})


def plan(desk: Desk) -> None:
    """The plan that holds, made on paper."""
    row = desk.row
    made_on = row.plan_made_on
    if made_on is None:
        return
    starts_on = row.plan_from or made_on
    plans = desk.enrolment.support_plans
    if not desk.is_new and plans.filter(stopped_on=None, starts_on__gte=starts_on).exists():
        return
    latest = latest_review_of(starts_on)
    review_by = row.plan_review_by or latest
    if not starts_on <= review_by <= latest:
        # A date that lies a few days too far is a slip: the plan holds all the same.
        text = _("見直しは、計画が始まってから6か月以内です。%(on)sまでとして取り込みます。")
        desk.told.left["plan_review_by"] = text % {"on": both(latest)}
        review_by = latest
    with at_fields(SupportPlan, rest="plan_from", **_PLANNED):
        record_support_plan(
            enrolment=desk.enrolment, goals=row.plan_goal, assessed_on=made_on, drafted_on=made_on,
            meeting_on=made_on, consented_on=made_on, handed_over_on=made_on, starts_on=starts_on,
            review_by=review_by, manager=_only_manager(desk), **desk.who,
        )  # fmt: skip
    desk.told.stored |= {"plan_made_on", "plan_from", "plan_review_by"}
    desk.told.added.append(_("個別支援計画（見直し %(on)sまで）") % {"on": both(review_by)})
    _look_over_plan(desk, review_by)


def _look_over_plan(desk: Desk, review_by: date) -> None:
    """A plan that is over before the first month that is billed here counts for no month (docs/rules.md §6)."""
    first_here = first_month_here(desk.enrolment.office)
    # The contract may have come by another sheet.
    begins = desk.row.use_from or desk.row.signed_on or desk.enrolment.use_starts_on
    ended_on = desk.row.ended_on or desk.enrolment.ends_on
    if first_here is None or begins is None or ended_on is not None:
        return
    first = max(first_here, Month.of(begins))
    if review_by >= first.first_day:
        return
    text = _(
        "個別支援計画は%(on)sまでの計画として入ります。%(month)sには有効な計画がない人に数え、その月から、計画未作成として"
        "基本報酬が減ります。見直した計画があれば、その作成日と見直し期限を入れてください。"
    )
    desk.told.warns.append(text % {"on": both(review_by), "month": first.label})
    desk.told.asks += ["plan_made_on", "plan_review_by"]


def _only_manager(desk: Desk) -> Membership | None:
    """The office's サービス管理責任者 on the day, where there is one alone: who answered for the plan."""
    held = staff_of(desk.enrolment.office, desk.on)
    managers = [each for each in held if each.has_role(Role.SERVICE_MANAGER)]
    return managers[0] if len(managers) == 1 else None
