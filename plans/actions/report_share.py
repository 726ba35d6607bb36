"""After a report went: that it arrived, and that a share was recorded by mistake."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from plans.models import ReportShare
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership


@transaction.atomic
def record_receipt(
    *,
    share: ReportShare,
    received_on: date,
    received_how: str,
    received_from: str,
    by: Membership,
    at: datetime,
) -> ReportShare:
    """受領: when it arrived, and how and by whom that was confirmed; written again it is corrected.

    Raises ValidationError for a day before the share or ahead, and for a share that was taken back.
    """
    refuse_future(at=at, received_on=received_on)
    share = _standing(share)
    share.received_on, share.received_how = received_on, received_how
    share.received_from = received_from
    share.receipt_at, share.receipt_by = at, by
    fields = ("received_on", "received_how", "received_from")
    return save_record(
        share, verb="report_received", by=by, at=at, fields=fields, person_id=_person(share)
    )


@transaction.atomic
def take_back_share(
    *, share: ReportShare, reason: str, by: Membership, at: datetime
) -> ReportShare:
    """The share was recorded by mistake: it stays on file, marked, and earns no month any more.

    A month that is closed stays as it was frozen. Raises ValidationError when it was taken back
    already.
    """
    share = _standing(share)
    share.taken_back_at, share.taken_back_by = at, by
    share.taken_back_reason = reason
    fields = ("taken_back_reason",)
    return save_record(
        share, verb="report_share_taken_back", by=by, at=at, fields=fields,
        person_id=_person(share), reason=reason,
    )  # fmt: skip


def _standing(share: ReportShare) -> ReportShare:
    rows = ReportShare.objects.select_for_update(of=("self",))
    found = rows.select_related("report__enrolment__client").get(pk=share.pk)
    if found.taken_back_at is not None:
        raise ValidationError(_("この渡した記録は、もう取り消されています。"))
    return found


def _person(share: ReportShare) -> UUID:
    return UUID(str(share.report.enrolment.client.public_id))
