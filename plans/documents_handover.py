"""引き継ぎ書: the one package for whoever goes on, and the person's own sheet, as plain JSON.

Only what consent covers on the day is in it: what a recipient may not read does not reach the
template. Nobody's address is ever in it, so that a protected one cannot be. Of a workplace that
must not know there is nothing but the warning not to contact it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.access import last_seen, not_of_another_office
from clients.enums import ReportItem
from clients.models import Consent, Employment, Enrolment, RelatedPerson
from clients.queries.no_contact import must_not_contact
from clients.rules.names import search_key
from plans.models import Handover, ReportVersion, SupportPlan
from plans.queries.handover import hand_over_consents
from plans.report_papers import HOUSES
from teikyaku.era import wareki
from teikyaku.furigana import reading_runs
from teikyaku.periods import Month, Period, in_force

REPORTS = 3
Scope = Consent.ConsentScope
# What a report says of the workplace: left out where the workplace must not know.
_OF_THE_WORKPLACE = frozenset({ReportItem.ROLES})


@dataclass(frozen=True, slots=True)
class Package:
    """What goes to one recipient, and what stays behind with the reason."""

    content: dict[str, Any]
    left_out: tuple[str, ...]


def recipients(enrolment: Enrolment, on: date) -> tuple[Consent, ...]:
    """The consents under which a package may go today; the workplace never where it must not know.

    None after a death (docs/rules.md §9).
    """
    died_on = enrolment.client.died_on
    if died_on is not None and died_on <= on:
        return ()
    is_closed = must_not_contact(enrolment.client, on)
    return tuple(
        row
        for row in hand_over_consents(enrolment, on)
        if not (is_closed and row.recipient == Consent.Recipient.EMPLOYER)
    )


def package(
    handover: Handover, consent: Consent, *, number: str, issued_on: date, without: frozenset[str]
) -> Package:
    """The package for whom `consent` names, as it would be made on that day.

    `without` are contacts ("person:…") that the office leaves out. The caller has asked
    `recipients` for the consent.
    """
    enrolment = handover.enrolment
    left: list[str] = []
    # What came after the end is not this office's to tell; what must not be known counts to this day.
    jobs = _jobs(enrolment, last_seen(enrolment, issued_on))
    is_closed = must_not_contact(enrolment.client, issued_on) or any(
        job.must_not_contact for job in jobs
    )
    if is_closed:
        left.append("職場の名前・連絡先・配慮（職場に連絡しない方です）")
    closed = _closed_to(enrolment, consent)
    contacts = contacts_of(enrolment, issued_on)
    kept = [row for row in contacts if row["key"] not in without]
    if len(kept) < len(contacts):
        left.append("選ばなかった連絡先")
    content = {
        **_head(handover, number=number, issued_on=issued_on),
        "addressee": _addressee(consent),
        "centre_note": handover.centre_note,
        "what_works": handover.what_works,
        "watch_for": handover.watch_for,
        "is_closed": is_closed,
        "workplaces": [] if is_closed else [_workplace(job) for job in jobs],
        "measures": "" if is_closed else handover.measures,
        "contacts": [{k: v for k, v in row.items() if k != "key"} for row in kept],
        "goals": _goals(enrolment, consent, issued_on, left, closed),
        "reports": _reports(enrolment, consent, issued_on, left, closed, is_closed=is_closed),
        "note": "ご本人の同意をいただいた内容だけを、お渡ししています。",
    }
    return Package(content, tuple(left))


def plain_sheet(handover: Handover, *, number: str, issued_on: date) -> dict[str, Any]:
    """わたしの引き継ぎ: the person's own sheet in few words, with readings."""

    def read(text: str) -> list[list[list[str]]]:
        return [reading_runs(line) for line in text.splitlines()]

    centre = handover.centre
    last = handover.enrolment.ends_on or handover.enrolment.window_ends_on
    days = [("支援の最後の日", last), ("新しい相談先で話した日", handover.first_contact_on)]
    return {
        **_head(handover, number=number, issued_on=issued_on),
        "title": reading_runs("わたしの引き継ぎ"),
        "lead": reading_runs("支援が終わったあとの相談先です。"),
        "place": reading_runs(centre.name) if centre else [],
        "phone": centre.phone if centre else "",
        "is_accepted": handover.accepted_on is not None,
        "waiting": reading_runs("相談先からの返事を待っています。"),
        "days": [
            {"label": reading_runs(label), "on": reading_runs(wareki(day))}
            for label, day in days
            if day is not None
        ],
        "what_works": read(handover.what_works),
        "watch_for": read(handover.watch_for),
        "words": {
            "place": reading_runs("相談先"),
            "phone": reading_runs("電話番号"),
            "what_works": reading_runs("うまくいくこと"),
            "watch_for": reading_runs("気をつけること"),
            "ask": reading_runs("わからないことがあるときは、いつでも話してください。"),
        },
    }


def contacts_of(enrolment: Enrolment, on: date) -> list[dict[str, str]]:
    """The people around the person: name, what they are, telephone; never an address."""
    rows = RelatedPerson.objects.filter(
        in_force(last_seen(enrolment, on)),
        not_of_another_office(enrolment.office_id),
        client=enrolment.client,
    ).order_by("pk")
    return [
        {
            "key": f"person:{row.public_id}",
            "label": str(row.get_kind_display()),
            "name": row.name,
            "phone": row.phone,
        }
        for row in rows
    ]


def has_hidden_home(enrolment: Enrolment, on: date) -> bool:
    """支援措置 on `on`: contacts are then left out until somebody chooses them one by one."""
    return enrolment.client.residences.filter(in_force(on), is_protected=True).exists()


def _head(handover: Handover, *, number: str, issued_on: date) -> dict[str, Any]:
    enrolment = handover.enrolment
    office, client = enrolment.office, enrolment.client
    name = client.names.filter(in_force(issued_on)).first()
    last = enrolment.ends_on or enrolment.window_ends_on
    return {
        "dated": issued_on.isoformat(),
        "number": number,
        "issued_on": wareki(issued_on),
        "edition": "",
        "notice": "",
        "replaces": None,
        "replaced_by": None,
        "office": {
            key: getattr(office, key)
            for key in ("name", "corporation", "number", "postal_code", "address", "phone")
        },
        "person": {"name": name.name if name else "", "kana": name.kana if name else ""},
        "ends_on": wareki(last) if last else "",
    }


def _addressee(consent: Consent) -> dict[str, str]:
    kind = Consent.Recipient(consent.recipient)
    honorific = "御中" if kind.value in {house.value for house in HOUSES} else "様"
    return {"name": consent.recipient_name or str(kind.label), "honorific": honorific}


def _jobs(enrolment: Enrolment, on: date) -> list[Employment]:
    rows = Employment.objects.filter(in_force(on), client=enrolment.client)
    return list(rows.select_related("employer").order_by("starts_on", "pk"))


def _workplace(job: Employment) -> dict[str, str]:
    return {
        "name": job.employer.name,
        "job": job.job_title,
        "since": wareki(job.starts_on),
        "contact": job.contact_name,
        "phone": job.contact_phone or job.employer.phone,
    }


def _may(
    enrolment: Enrolment, consent: Consent, scope: str, on: date
) -> tuple[bool, tuple[ReportItem, ...]]:
    """Whether a part may go to this recipient, and of reports which items.

    Consent for the hand-over covers the whole, unless the person said something narrower, or took
    it back, for this part and this recipient.
    """
    key = search_key(consent.recipient_name)
    rows = [
        row
        for row in Consent.objects.filter(
            enrolment=enrolment, scope=scope, recipient=consent.recipient
        ).order_by("starts_on", "pk")
        if search_key(row.recipient_name) in ("", key)
    ]
    given = [row for row in rows if row.is_given(on)]
    if not rows:
        return True, tuple(ReportItem)
    items = {item for row in given for item in row.allowed_items}
    return bool(given), tuple(item for item in ReportItem if item in items)


def _closed_to(enrolment: Enrolment, consent: Consent) -> tuple[Period, ...]:
    """Days of the jobs that no workplace may learn of; none for any other recipient.

    A job that has ended counts too: what was written in its days goes to no later workplace.
    """
    if consent.recipient != Consent.Recipient.EMPLOYER:
        return ()
    jobs = Employment.objects.filter(client=enrolment.client, must_not_contact=True)
    return tuple(Period(*days) for days in jobs.values_list("starts_on", "ends_on"))


def _goals(
    enrolment: Enrolment,
    consent: Consent,
    on: date,
    left: list[str],
    closed: tuple[Period, ...],
) -> list[dict[str, str]]:
    may, _items = _may(enrolment, consent, Scope.SUPPORT_PLAN, on)
    if not may:
        left.append("個別支援計画の目標（この相手への同意が、いまはありません）")
        return []
    plan = SupportPlan.objects.begun(on).filter(enrolment=enrolment).first()
    if plan is None:
        return []
    if plan.starts_on and any(days.contains(plan.starts_on) for days in closed):
        left.append("個別支援計画の目標（職場に連絡しない仕事の間に作った計画です）")
        return []
    return [
        {"term": str(goal.get_term_display()), "goal": goal.goal, "does": goal.person_does}
        for goal in plan.goal_rows.all()
    ]


def _reports(
    enrolment: Enrolment,
    consent: Consent,
    on: date,
    left: list[str],
    closed: tuple[Period, ...],
    *,
    is_closed: bool,
) -> list[dict[str, Any]]:
    """The newest version of the last months, cut to the items that may go."""
    may, items = _may(enrolment, consent, Scope.REPORT, on)
    if not may:
        left.append("支援レポート（この相手への同意が、いまはありません）")
        return []
    if len(items) < len(ReportItem):
        left.append("支援レポートのうち、同意のない項目")
    if is_closed:
        items = tuple(item for item in items if item not in _OF_THE_WORKPLACE)
        left.append("支援レポートの「だれが、何をするか」（職場のことを含むため）")
    found: dict[int, ReportVersion] = {}
    rows = ReportVersion.objects.filter(report__enrolment=enrolment).select_related("report")
    for row in rows.order_by("-report__month", "-number")[: REPORTS * 10]:
        found.setdefault(row.report_id, row)
    last = list(found.values())[:REPORTS]
    told = [row for row in last if not _touches(Month.of(row.report.month), closed)]
    if len(told) < len(last):
        left.append("支援レポートのうち、職場に連絡しない仕事をしていた月のもの")
    return [
        {
            "month": row.content["month"],
            "parts": [
                {"title": str(item.label), "text": row.content["texts"][item.value]}
                for item in items
                if row.content["texts"].get(item.value)
            ],
        }
        for row in told
    ]


def _touches(month: Month, closed: tuple[Period, ...]) -> bool:
    whole = Period(month.first_day, month.last_day)
    return any(whole.intersection(days) for days in closed)
