"""Support reports: written for a month, shared on a day, to others only with consent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.models import Consent, Enrolment
from clients.queries.no_contact import must_not_contact
from clients.rules.names import search_key
from plans.models import ReportShare, SupportReport
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.periods import in_force


@transaction.atomic
def write_report(
    *, enrolment: Enrolment, month: date, by: Membership, at: datetime, **items: str
) -> SupportReport:
    """支援レポート for a month: the one on file is changed until it was shared, else a new one.

    Raises ValidationError for a month that lies ahead, or when its report was shared already.
    """
    if month < enrolment.starts_on.replace(day=1):
        raise ValidationError(_("相談の開始より前の月です。"))
    if month > date_of(at):
        raise ValidationError(_("まだ来ていない月です。"))
    report = SupportReport.objects.filter(enrolment=enrolment, month=month).first()
    if report is None:
        report = SupportReport(enrolment=enrolment, month=month)
    elif report.shares.exists():
        raise ValidationError(_("共有したレポートは変えられません。"))
    for name, text in items.items():
        setattr(report, name, text)
    return save_record(
        report,
        verb="report_written",
        by=by,
        at=at,
        person_id=enrolment.client.public_id,
        fields=tuple(items),
    )


@transaction.atomic
def share_report(
    *,
    report: SupportReport,
    recipient: str,
    shared_on: date,
    way: str,
    by: Membership,
    at: datetime,
    recipient_name: str = "",
) -> ReportShare:
    """The report went to somebody on a day; to others than the person only with consent for it.

    Raises ValidationError without that consent, or for a day before the month or ahead.
    """
    refuse_future(at=at, shared_on=shared_on)
    if shared_on < report.month:
        raise ValidationError({"shared_on": _("レポートの月より前の日付です。")})
    is_employer = recipient == ReportShare.Recipient.EMPLOYER
    if is_employer and must_not_contact(report.enrolment.client, shared_on):
        raise ValidationError({"recipient": _("職場連絡禁止の方です。職場には何も渡せません。")})
    if recipient != ReportShare.Recipient.PERSON:
        _refuse_without_consent(report.enrolment, recipient, recipient_name, shared_on)
    row = ReportShare(
        report=report,
        recipient=recipient,
        recipient_name=recipient_name,
        shared_on=shared_on,
        way=way,
    )
    person = report.enrolment.client.public_id
    return save_record(row, verb="report_shared", by=by, at=at, person_id=person)


def _refuse_without_consent(
    enrolment: Enrolment, recipient: str, recipient_name: str, on: date
) -> None:
    """A consent that names somebody covers that one only; one without a name its kind."""
    consents = Consent.objects.filter(
        in_force(on),
        enrolment=enrolment,
        recipient=recipient,
        scope=Consent.ConsentScope.REPORT,
    )
    names = {search_key(name) for name in consents.values_list("recipient_name", flat=True)}
    if not names & {"", search_key(recipient_name)}:
        raise ValidationError(
            {"recipient": _("この相手に支援レポートを渡す、本人の同意がありません。")}
        )


@transaction.atomic
def give_consent(
    *,
    enrolment: Enrolment,
    recipient: str,
    scope: str,
    starts_on: date,
    by: Membership,
    at: datetime,
    **details: Any,
) -> Consent:
    """The person consented, for one recipient and scope, from a day on.

    Raises ValidationError for the workplace while it must not be contacted: that flag goes first.
    """
    refuse_future(at=at, starts_on=starts_on)
    if recipient == Consent.Recipient.EMPLOYER and must_not_contact(enrolment.client, starts_on):
        raise ValidationError(
            {"recipient": _("職場連絡禁止の方です。先に就労の記録を直してください。")}
        )
    row = Consent(
        enrolment=enrolment, recipient=recipient, scope=scope, starts_on=starts_on, **details
    )
    person = enrolment.client.public_id
    return save_record(row, verb="consent_given", by=by, at=at, person_id=person)


@transaction.atomic
def withdraw_consent(*, consent: Consent, on: date, by: Membership, at: datetime) -> Consent:
    """The person withdrew it; `on` is the last day on which something may go."""
    refuse_future(at=at, ends_on=on)
    consent.ends_on = on
    person = consent.enrolment.client.public_id
    return save_record(
        consent, verb="consent_withdrawn", by=by, at=at, person_id=person, fields=("ends_on",)
    )
