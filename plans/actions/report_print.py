"""Many reports for one printer: issued where they are not, one paper for each person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.enums import ReportItem
from plans.actions.report import issue_version
from plans.models import ReportShare, ReportVersion, SupportReport
from plans.queries.report import earlier_version
from plans.report_papers import Going, paper
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of


@transaction.atomic
def papers_for_people(
    *, reports: Iterable[SupportReport], with_plain: bool, by: Membership, at: datetime
) -> list[dict[str, Any]]:
    """What each person gets of these reports, in the order given; each is on the record.

    Raises ValidationError that names the person whose report cannot be printed: nothing is issued
    then. People who have died are left out; when nobody is left, that is said.
    """
    papers = []
    for report in reports:
        client = report.enrolment.client
        if client.died_on is not None and client.died_on <= date_of(at):
            continue
        try:
            version = issue_version(report=report, by=by, at=at)
        except ValidationError as error:
            name = client.name_in_force(date_of(at))
            who = _("%(name)sさん：") % {"name": name.name} if name else ""
            raise ValidationError([f"{who}{message}" for message in error.messages]) from error
        papers.append(_of_person(version, with_plain=with_plain))
        audit(verb="report_printed", subject=version, by=by, at=at, person_id=client.public_id)
    if not papers:
        raise ValidationError(_("亡くなった方のレポートは印刷しません。"))
    return papers


def _of_person(version: ReportVersion, *, with_plain: bool) -> dict[str, Any]:
    person = ReportShare.Recipient.PERSON.value
    had = earlier_version(version.report, person, "", version.number)
    items = tuple(ReportItem.values)
    going = Going(person, "", items, with_plain, had)
    return paper(version.content, going)
