"""Do the stored due dates, windows and days agree with the rules?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from clients.models import Enrolment, Referral
from plans.actions.pace import DERIVED, derive
from plans.queries.pace import standing_dues
from plans.queries.referral_days import differing_referrals
from teikyaku.desk.inconsistencies.found import Found

CHUNK = 500
# Which due date stood from which day on.
LOG = "interview_dues"


def differing() -> Iterator[tuple[Enrolment, list[str]]]:
    """Every enrolment whose stored columns differ from what the rules say, with their names."""
    rows = Enrolment.objects.select_related("office", "client").order_by("pk")
    chunks = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(chunks, CHUNK)):
        stored = {row.pk: [getattr(row, name) for name in DERIVED] for row in chunk}
        logged = standing_dues([row.pk for row in chunk])
        for row in derive(chunk):
            now = [getattr(row, name) for name in DERIVED]
            wrong = [
                name
                for name, old, new in zip(DERIVED, stored[row.pk], now, strict=True)
                if old != new
            ]
            last = logged.get(row.pk)
            if (last.due_on if last else None) != row.interview_due_on or (
                last and last.is_carried
            ):
                wrong.append(LOG)
            if wrong:
                yield row, wrong


def stale_referrals() -> Iterator[Referral]:
    """Every standing referral whose stored days differ from what the screening says."""
    rows = Referral.objects.filter(withdrawn_at=None).select_related("client").order_by("pk")
    for row, _days in differing_referrals(rows.iterator(chunk_size=CHUNK)):
        yield row


def derived_columns(at: datetime) -> Iterator[Found]:
    """Enrolments whose stored dates are stale, with the words of the columns."""
    for row, names in differing():
        yield Found(
            str(row.public_id), row.office_id, "、".join(_word(name) for name in names),
            "client_page", (str(row.client.public_id),),
        )  # fmt: skip


def referral_days(at: datetime) -> Iterator[Found]:
    """Referrals whose stored days are stale."""
    for row in stale_referrals():
        page = ("referral_page", (str(row.public_id),)) if row.office_id else ("", ())
        yield Found(str(row.public_id), row.office_id, "", *page)


def _word(name: str) -> str:
    if name == LOG:
        return _("期限の控え")
    return str(Enrolment._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
