"""個別支援計画書: a frozen, numbered copy of what was printed; corrected by one that refers to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plans.documents_plan import DRAFT, plan_document
from plans.models import SupportPlan, SupportPlanPaper
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.document import freeze_document
from teikyaku.accounts.models import IssuedDocument, Membership
from teikyaku.clock import date_of
from teikyaku.constraints import ConstraintViolation, violations_as_validation_errors
from teikyaku.frozen import canonical
from teikyaku.printing import UnprintableError, pdf

LETTERS = {SupportPlanPaper.Kind.PLAN: "P", SupportPlanPaper.Kind.PLAIN: "W"}
# What a paper carries of itself; the rest is what it says.
OWN = ("number", "dated", "issued_on", "replaces", "replaced_by")


@transaction.atomic
def issue_plan_paper(
    *, plan: SupportPlan, kind: SupportPlanPaper.Kind, by: Membership, at: datetime
) -> SupportPlanPaper:
    """The plan as it stands, printed. Asked again without a change, the same paper.

    What changed since makes a new paper; one that was final says which one it corrects, a draft
    (案) was nobody's paper yet. Raises ValidationError for a death, for a plan without a draft, or
    for characters that cannot be printed.
    """
    if plan.enrolment.client.died_on is not None:
        raise ValidationError(_("亡くなった方です。文書は作りません。"))
    if plan.drafted_on is None or plan.stopped_on is not None:
        raise ValidationError(_("原案を書いてから印刷してください。"))
    # Two at once come one after the other: the second finds the paper of the first.
    SupportPlan.objects.select_for_update().get(pk=plan.pk)
    papers = plan.papers.filter(kind=kind).select_related("document")
    before = papers.filter(document__replaced_by__isnull=True).last()
    number = f"{plan.enrolment.office.number}-{LETTERS[kind]}{plan.pk:06d}-{papers.count() + 1}"
    content = plan_document(plan, kind=kind, number=number, issued_on=date_of(at))
    content = canonical(content)
    if before is not None and _says(before.document.content) == _says(content):
        found: SupportPlanPaper = before
        return found
    if before is not None and before.document.content["edition"] != DRAFT:
        old = before.document
        content["replaces"] = {
            "number": old.number, "issued_on": old.content["issued_on"], "note": "",
        }  # fmt: skip
    try:
        return _store(plan, kind, content, before, by, at)
    except ConstraintViolation:
        # Somebody else was a moment earlier: theirs is the paper, if it says the same.
        latest = papers.filter(document__replaced_by__isnull=True).last()
        if latest is None or _says(latest.document.content) != _says(content):
            raise
        return latest


def reprint(paper: SupportPlanPaper, on: date) -> dict[str, Any]:
    """The frozen content, and which paper has taken its place.

    Raises ValidationError for the plain-words paper from the day of a death on: it is for the person
    alone (docs/rules.md §9 G); the 個別支援計画書 stays as the file's copy.
    """
    died_on = paper.plan.enrolment.client.died_on
    if paper.kind == SupportPlanPaper.Kind.PLAIN and died_on is not None and died_on <= on:
        raise ValidationError(_("亡くなった方です。本人に渡す文書は印刷しません。"))
    content: dict[str, Any] = {**paper.document.content}
    after = getattr(paper.document, "replaced_by", None)
    if after is not None:
        content["replaced_by"] = {"number": after.number, "issued_on": after.content["issued_on"]}
    return content


def _says(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in OWN}


def _store(
    plan: SupportPlan,
    kind: SupportPlanPaper.Kind,
    content: dict[str, Any],
    before: SupportPlanPaper | None,
    by: Membership,
    at: datetime,
) -> SupportPlanPaper:
    try:
        pdf(kind.value, content)
    except UnprintableError as error:
        raise ValidationError(str(error)) from error
    person = plan.enrolment.client.public_id
    with violations_as_validation_errors(IssuedDocument, SupportPlanPaper):
        document = freeze_document(
            kind=kind.value, number=content["number"], content=content, person_id=person,
            replaces=before.document if before else None, by=by, at=at,
        )  # fmt: skip
        paper: SupportPlanPaper = SupportPlanPaper.objects.create(
            kind=kind, plan=plan, document=document
        )
        audit(verb="support_plan_printed", subject=paper, by=by, at=at, person_id=person)
    return paper
