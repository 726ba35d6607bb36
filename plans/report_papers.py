"""支援レポート on paper: what one recipient gets, made from a frozen version; templates never query.

One builder makes the page that is looked at before, the PDF, and the PDF that is asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.enums import ReportItem
from clients.models import ClientName, Enrolment
from plans.enums import ContactOutcome
from plans.models import Interview, ReportShare, SupportReport
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.era import wareki, wareki_month
from teikyaku.furigana import segments
from teikyaku.periods import Month, in_force

Recipient = ReportShare.Recipient
DRAFT = "案（未発行）"
# Who is addressed as a house; people are 様.
HOUSES = {Recipient.EMPLOYER, Recipient.CENTRE, Recipient.MEDICAL, Recipient.CONSULTATION}
# Our own sentences of the plain version, with their readings in them.
PLAIN_TITLES = {
    ReportItem.GOALS: "今月《こんげつ》の 目標《もくひょう》",
    ReportItem.DONE: "いっしょに したこと",
    ReportItem.RESULT: "どう なったか",
    ReportItem.NEXT_STEPS: "これから すること",
    ReportItem.ROLES: "だれが、なにを するか",
    ReportItem.TO_SHARE: "みんなに 伝《つた》えたいこと",
}


@dataclass(frozen=True, slots=True)
class Going:
    """What goes: to whom, which items, with the plain version or without."""

    recipient: str
    name: str
    items: tuple[str, ...]
    with_plain: bool = False
    earlier: int | None = None
    """The version that this recipient has; None where they have none."""


def version_content(
    report: SupportReport, *, version: int, issued_on: date, author: Membership
) -> dict[str, Any]:
    """Everything that a version's papers are made from, as plain JSON (four queries)."""
    enrolment, month = report.enrolment, Month.of(report.month)
    office = enrolment.office
    # A person's name as it was in the month, or as it is known since a later day.
    names = ClientName.objects.filter(client=enrolment.client_id)
    name = names.filter(in_force(month.last_day)).first() or names.first()
    contacts = list(contacts_of(enrolment, month))
    return {
        "number": f"{office.number}-{month}-S{report.pk:06d}-{version}",
        "version": version,
        "dated": issued_on.isoformat(),
        "issued_on": wareki(issued_on),
        "office": {
            "name": office.name,
            "corporation": office.corporation,
            "number": office.number,
            "postal_code": office.postal_code,
            "address": office.address,
            "phone": office.phone,
        },
        "person": {"name": name.name if name else "", "kana": name.kana if name else ""},
        "month": wareki_month(month),
        "author": {"name": author.user.name, "role": _role(author)},
        "meetings": [_meeting(row) for row in contacts if row.outcome == ContactOutcome.MET],
        "next_on": _next(enrolment, month, issued_on),
        "texts": {item.value: str(getattr(report, item.value)) for item in ReportItem},
        "plain": report.plain,
        "reason": report.correction_reason,
        "earlier": [
            {"version": row.number, "number": row.code, "issued_on": row.content["issued_on"]}
            for row in report.versions.filter(number__lt=version)
        ],
    }


def contacts_of(enrolment: Enrolment, month: Month) -> Any:
    """The month's contacts that hold, oldest first."""
    return (
        Interview.objects.standing()
        .filter(
            enrolment=enrolment,
            held_on__range=(month.first_day, month.last_day),
        )
        .select_related("met_by__user")
        .order_by("held_on", "pk")
    )


def paper(content: Mapping[str, Any], going: Going, *, edition: str = "") -> dict[str, Any]:
    """The keys of templates/documents/support_report.typ for one recipient.

    Only what may go is in it: what a recipient may not read does not reach the template.
    """
    is_person = going.recipient == Recipient.PERSON
    items = [item for item in ReportItem if item.value in going.items]
    person = content["person"]["name"]
    lead = "の支援についてのご報告です。"
    version = content["version"]
    return {
        "dated": content["dated"],
        "number": content["number"],
        "issued_on": content["issued_on"],
        "edition": edition or (f"第{version}版" if version > 1 else ""),
        "notice": "",
        "replaces": _replaces(content, going.earlier),
        "replaced_by": None,
        "office": dict(content["office"]),
        "addressee": _addressee(going, person),
        "lead": f"{content['month']}{lead}"
        if is_person
        else f"{person}様の{content['month']}{lead}",
        "person": {"name": person},
        "month": content["month"],
        "author": dict(content["author"]),
        "parts": [
            {"title": str(item.label), "text": text}
            for item in items
            if (text := content["texts"][item.value]) or item in _ALWAYS
        ],
        # When and how the person was met belongs to what was done.
        "meetings": list(content["meetings"]) if ReportItem.DONE in items else [],
        "note": _note(is_person=is_person, is_whole=len(items) == len(ReportItem)),
        "shared_with": [],
        "plain": plain_paper(content, going.earlier) if going.with_plain else None,
    }


def file_paper(content: Mapping[str, Any], shares: Iterable[ReportShare]) -> dict[str, Any]:
    """控: the whole version for the office's file, with everybody who got it."""
    whole = Going(Recipient.PERSON, "", tuple(ReportItem.values), bool(content["plain"]))
    shared = [
        {"name": row.whom, "on": wareki(row.shared_on), "way": str(row.get_way_display())}
        for row in shares
    ]
    version = content["version"]
    edition = f"控・第{version}版" if version > 1 else "控"
    return {**paper(content, whole, edition=edition), "shared_with": shared}


def bundle(papers: Sequence[dict[str, Any]], month: str, on: date) -> dict[str, Any]:
    """Several papers in one file: the keys of templates/documents/support_reports.typ."""
    return {
        "dated": on.isoformat(),
        "office": papers[0]["office"],
        "month": month,
        "papers": list(papers),
    }


def plain_paper(content: Mapping[str, Any], earlier: int | None = None) -> dict[str, Any]:
    """やさしい版: larger type, readings, the words that staff wrote for it or else the items.

    It holds the whole report, so that it goes only to those who may have every item. `earlier`: the
    version that this recipient has; a correction of it says so first, and why.
    """
    person, office = content["person"], content["office"]
    own = content["plain"]
    parts = (
        [{"title": [], "lines": _lines(own)}]
        if own
        else [
            {"title": _ruby(PLAIN_TITLES[item]), "lines": _lines(text)}
            for item in ReportItem
            if (text := content["texts"][item.value])
        ]
    )
    month = int(content["month"].rstrip("月").rpartition("年")[2])
    return {
        "title": _ruby(f"{month}月の レポート"),
        "name": [*_name(person), {"text": " さん", "reading": ""}],
        "parts": [*_corrected(content, earlier), *parts],
        "next": _ruby(f"つぎに 会《あ》う日《ひ》： {content['next_on']}")
        if content["next_on"]
        else [],
        "ask": _ruby("わからないことは、きいてください。"),
        "from": _ruby(" ".join(filter(None, (office["name"], content["author"]["name"])))),
        "phone": _ruby(f"電話 {office['phone']}") if office["phone"] else [],
    }


def _corrected(content: Mapping[str, Any], earlier: int | None) -> list[dict[str, Any]]:
    """That the paper before it is not right any more, in plain words."""
    replaced = _replaces(content, earlier)
    if replaced is None:
        return []
    lines = [
        "これは、まえに わたした レポートを なおした ものです。",
        "まえの レポートの かわりに、こちらを 読《よ》んでください。",
        *([f"なおした わけ： {replaced['note']}"] if replaced["note"] else []),
    ]
    return [{"title": [], "lines": [_ruby(line) for line in lines]}]


_ALWAYS = (ReportItem.GOALS, ReportItem.DONE, ReportItem.RESULT, ReportItem.NEXT_STEPS)


def _lines(text: str) -> list[list[dict[str, str]]]:
    return [_ruby(line) for line in text.replace("\r", "").split("\n")]


def _ruby(text: str) -> list[dict[str, str]]:
    return [{"text": part, "reading": reading} for part, reading in segments(text)]


def _name(person: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"text": person["name"], "reading": person["kana"]}]


def _addressee(going: Going, person: str) -> dict[str, str]:
    if going.recipient == Recipient.PERSON:
        return {"name": person, "honorific": "様"}
    kind = Recipient(going.recipient)
    honorific = "御中" if kind in HOUSES else "様"
    return {"name": going.name or str(kind.label), "honorific": honorific}


def _replaces(content: Mapping[str, Any], earlier: int | None) -> dict[str, str] | None:
    """Told to those alone who have the earlier one."""
    for row in content["earlier"]:
        if row["version"] == earlier:
            return {
                "number": row["number"], "issued_on": row["issued_on"], "note": content["reason"],
            }  # fmt: skip
    return None


def _note(*, is_person: bool, is_whole: bool) -> str:
    if is_person:
        return ""
    if is_whole:
        return "ご本人の同意をいただいて、お渡ししています。"
    return "ご本人の同意をいただいた項目だけを、お渡ししています。"


def _meeting(row: Interview) -> dict[str, str]:
    return {
        "on": wareki(row.held_on),
        "way": str(row.get_way_display()),
        "with": row.met_by.user.name,
    }


def _next(enrolment: Enrolment, month: Month, issued_on: date) -> str:
    """The day that is agreed when the report is issued, whenever and wherever it was agreed."""
    day = enrolment.next_appointment(issued_on)
    return f"{day.month}月{day.day}日" if day and day > month.last_day else ""


def _role(author: Membership) -> str:
    order = (Role.SUPPORT_WORKER, Role.SERVICE_MANAGER, Role.OFFICE_MANAGER)
    return next((str(role.label) for role in order if author.has_role(role)), "")


def going_of(share: ReportShare) -> Going:
    """What went with a share that is on file."""
    return Going(
        share.recipient, share.recipient_name, tuple(share.items), share.with_plain, share.earlier
    )
