"""One line of a core system's file against what is on file: what it would change, or why it cannot.

It is carried out by the actions of every other page, so that the same refusals hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.rules.names import search_key
from plans.actions import caps
from plans.actions import certificate as certificates
from plans.actions.caps import Cap
from plans.actions.certificate import Grant, Paper
from plans.actions.core_caps import (
    as_on_file,
    beside_others,
    cap_of_line,
    cap_that_stands,
    new_cap,
)
from plans.actions.decision_change import refuse_no_change
from plans.models import Application, Certificate, Decision, ServiceUsePlan
from plans.queries.caps import ClosedMonths, none_closed
from plans.queries.core_people import NumberElsewhere, WardPerson
from plans.queries.decision_change import decision_to_change, is_changed
from plans.queries.grant_prefill import paper_kind
from plans.queries.reach_back import reaching_back
from plans.rules.caps import months_of_decision
from plans.rules.core_upload import CoreRow
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import day_before


@dataclass(frozen=True, slots=True)
class Plan:
    """What a line would do; nothing of it where everything is on file already."""

    person: WardPerson
    decision: Decision | None
    """The decision on file that the line speaks of; None where it brings one."""
    grant: Grant | None = None
    paper: Paper | None = None
    cap: Cap | None = None
    words: tuple[str, ...] = ()
    seen: str | None = None
    """The mark of the cap on file that the line states once more; None where it states another one."""


def plan_row(
    row: CoreRow,
    person: WardPerson | NumberElsewhere | None,
    on: date,
    closed: ClosedMonths = none_closed,
) -> Plan:
    """What the line would change on the day `on`. Raises ValidationError by field of the line where it cannot.

    `closed` tells the closed months that a cap touches; without it nobody reads the words. Number, birth date and kana must all be those on file: nobody is guessed.
    """
    found = _same_person(row, person)
    decision = next((each for each in found.decisions if each.starts_on == row.starts_on), None)
    if decision is None:
        return _with_grant(row, found, on, closed)
    _refuse_other_decision(row, decision)
    cap, told = cap_of_line(row, found, decision, on, closed)
    paper, paper_words = _new_paper(row, found, decision, cap)
    return Plan(found, decision, paper=paper, cap=cap, words=(*told, *paper_words))


@transaction.atomic
def carry_out(plan: Plan, by: Membership, at: datetime) -> None:
    """Do what the line says, as one step. Raises ValidationError as the actions do."""
    if plan.grant is not None and plan.paper is not None and plan.cap is not None:
        application: Any = plan.person.application
        certificates.grant_decision(
            application=application, grant=plan.grant, paper=plan.paper, cap=plan.cap,
            seen=plan.seen, by=by, at=at,
        )  # fmt: skip
        return
    decision: Any = plan.decision
    if plan.cap is not None:
        caps.add_cap_period(
            client=plan.person.client, municipality=decision.municipality, cap=plan.cap, by=by, at=at
        )  # fmt: skip
    if plan.paper is not None:
        certificates.issue_certificate(
            decision=decision, paper=plan.paper, reason=_("基幹システムから取込"), by=by, at=at
        )


def try_out(plan: Plan, by: Membership, at: datetime) -> None:
    """Whether it could be done now: done and undone for a grant, asked for the rest.

    Raises ValidationError as the actions do.
    """
    if plan.grant is not None:
        with transaction.atomic():
            carry_out(plan, by, at)
            transaction.set_rollback(True)
        return
    if plan.cap is not None:
        caps.refuse_wrong_cap(plan.person.client, plan.cap)
    if plan.paper is not None and plan.decision is not None:
        certificates.refuse_ended(plan.decision, date_of(at))
        refuse_future(at=at, issued_on=plan.paper.issued_on)
        certificates.refuse_paper(plan.decision, plan.paper.issued_on, plan.paper.applies_on)


def _same_person(row: CoreRow, person: WardPerson | NumberElsewhere | None) -> WardPerson:
    if isinstance(person, NumberElsewhere):
        raise ValidationError({"number": _elsewhere_words(person)})
    if person is None:
        raise ValidationError(
            {
                "number": _(
                    "この番号の方は、この区の記録にありません。はじめての支給決定は、申請の画面で番号を入れてください。"
                )
            }
        )
    if person.client.birth_date != row.birth_date:
        text = _("この番号の方の、登録の生年月日と違います。番号と生年月日を確かめてください。")
        raise ValidationError({"birth_date": text})
    if search_key(row.kana) not in person.kana_keys:
        text = _("この番号の方の、登録のカナ氏名と違います。番号と氏名を確かめてください。")
        raise ValidationError({"kana": text})
    return person


def _elsewhere_words(found: NumberElsewhere) -> str:
    text = _(
        "この番号の方の記録は、%(ward)sに渡っています。基幹システムからの取込は、%(ward)sが行います。"
    )
    if not found.has_left:
        text = _(
            "この番号は%(ward)sの番号です。引き継いだ方は、この区で支給決定をするまで取り込めません。"
            "変わることは、支給決定や申請の画面で入れてください。"
        )
    return text % {"ward": found.ward.full_name}


def _refuse_other_decision(row: CoreRow, decision: Decision) -> None:
    certificates.refuse_revoked(decision)
    text = _(
        "登録では %(known)s です。書き間違いは本庁が訂正し、途中で終えるときは取消を記録します。"
    )
    errors = {}
    if row.ends_on != decision.ends_on:
        errors["ends_on"] = _changed_words(decision) or text % {"known": both(decision.ends_on)}
    if row.decided_on is not None and row.decided_on != decision.decided_on:
        errors["decided_on"] = text % {"known": both(decision.decided_on)}
    if row.amount and search_key(row.amount) != search_key(decision.amount):
        errors["amount"] = text % {"known": decision.amount}
    if errors:
        raise ValidationError(errors)


def _changed_words(decision: Decision) -> str:
    """Of a decision that was changed: until when it runs, and that nothing is to be revoked."""
    if not is_changed(decision):
        return ""
    text = _(
        "この支給決定は変更され、%(until)sまでになっています（決定したときは%(granted)sまで）。"
        "取消は要りません。行の終了日を%(until)sに直すか、この行を外してください。"
    )
    return text % {"until": both(decision.ends_on), "granted": both(decision.granted_until)}


def _with_grant(row: CoreRow, person: WardPerson, on: date, closed: ClosedMonths) -> Plan:
    application = person.application
    errors = {}
    if application is None and row.starts_on in person.cancelled_starts:
        text = _(
            "この日に始まる支給決定は、始まる前に取り消されています。この行を外し、基幹システムの記録を"
            "確かめてください。"
        )
        raise ValidationError({"starts_on": text})
    if application is None:
        errors["starts_on"] = _(
            "この日に始まる支給決定も、進行中の申請もありません。先に申請を受け付けてください。"
        )
    elif person.is_pending:
        errors["starts_on"] = _("この方の支給決定は、ほかの職員の確認を待っています。")
    if row.issued_on is None:
        errors["issued_on"] = _("新しい支給決定には、交付日が要ります。")
    cap, seen = cap_that_stands(row, person), None
    told: tuple[str, ...] = ()
    if cap is None and not row.has_cap:
        errors["cap_yen"] = _("新しい支給決定には、負担上限月額が要ります。")
    if errors or application is None or row.issued_on is None:
        raise ValidationError(errors)
    months = months_of_decision(row.starts_on, row.ends_on)
    back = reaching_back(application, row.starts_on, on, closed)
    # The cap lies in the decision's months: those that are closed are told once.
    if cap is None:
        cap, told = new_cap(row, person, months, on, none_closed)
    elif not certificates.goes_on_as_it_is(application, row.starts_on, cap):
        # Another municipality's: the new decision carries its own, on the same terms.
        cap, told = beside_others(cap, person, months, on, none_closed)
    if cap is None:
        cap, seen = as_on_file(row, person)
    plan = (
        application.service_use_plans.filter(stage=ServiceUsePlan.Stage.PROPOSED)
        .select_related("organisation")
        .first()
    )
    former = _former(row, person, application)
    paper = Paper(
        row.number, row.issued_on, row.starts_on, paper_kind(application),
        plan.organisation if plan else None, plan.monitoring_months if plan else None,
        _remarks_of(person, former),
    )  # fmt: skip
    amount = row.amount or (former.amount if former else _("当該月の日数"))
    words = _("新しい支給決定 %(first)s〜%(last)s、支給量 %(amount)s") % {
        "first": both(row.starts_on), "last": both(row.ends_on), "amount": amount
    }  # fmt: skip
    grant = Grant(row.decided_on or row.issued_on, row.starts_on, row.ends_on, amount)
    return Plan(
        person,
        None,
        grant,
        paper,
        cap,
        (words, *_change_words(row, application), *back, *told),
        seen,
    )


def _former(row: CoreRow, person: WardPerson, application: Application) -> Decision | None:
    """What goes on where the line is silent: as the page of the grant, the last one begun before it."""
    if application.kind == Application.Kind.NEW:
        return None
    begun = [each for each in person.decisions if each.starts_on < row.starts_on]
    return begun[-1] if begun else None


def _remarks_of(person: WardPerson, former: Decision | None) -> str:
    papers = person.papers(former) if former is not None else []
    return papers[-1].remarks if papers else ""


def _change_words(row: CoreRow, application: Application) -> tuple[str, ...]:
    """Of a change: which decision ends the day before. Raises ValidationError where there is none."""
    refuse_no_change(application, row.starts_on)
    changed = decision_to_change(application, row.starts_on)
    if changed is None:
        return ()
    words = _("いまの支給決定 %(first)s〜%(last)s は %(until)s までになります")
    return (
        words % {
            "first": both(changed.starts_on), "last": both(changed.ends_on),
            "until": both(day_before(row.starts_on)),
        },
    )  # fmt: skip


def _new_paper(
    row: CoreRow, person: WardPerson, decision: Decision, cap: Cap | None
) -> tuple[Paper | None, tuple[str, ...]]:
    """The version of the paper that the line brings; none where its day is on file or not stated."""
    papers = person.papers(decision)
    if row.issued_on is None or row.issued_on in {paper.issued_on for paper in papers}:
        return None, ()
    last = papers[-1] if papers else None
    if last is not None and row.issued_on < last.issued_on:
        text = _("いちばん新しい受給者証の交付日（%(on)s）より前です。") % {
            "on": both(last.issued_on)
        }
        raise ValidationError({"issued_on": text})
    kind = Certificate.Kind.CHANGE if cap else Certificate.Kind.REISSUE
    applies = max(cap.first_month if cap else row.issued_on, decision.starts_on)
    paper = Paper(
        row.number, row.issued_on, min(applies, decision.ends_on), kind,
        last.consultation_office if last else None, last.monitoring_months if last else None,
        last.remarks if last else "",
    )  # fmt: skip
    text = _("受給者証（%(kind)s） %(on)s 交付")
    return paper, (text % {"kind": kind.label, "on": both(row.issued_on)},)
