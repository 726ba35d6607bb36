"""Registering people, changing their names, linking a second office."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import add_fact, correct_fact, refuse_future, succeed_fact
from clients.models import Client, ClientName, Enrolment, RecipientNumber
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.era import both
from teikyaku.kana import plain_kana
from teikyaku.periods import months_later

# Nobody is employed before (労働基準法 56条): a birth date less than so many years before a job is a slip.
WORKING_AGE = 15


@transaction.atomic
def register_person(
    *,
    name: str,
    kana: str,
    birth_date: date,
    by: Membership,
    at: datetime,
    phone: str = "",
    email: str = "",
    notes: str = "",
) -> Client:
    """A new person under the name they have; whether they are known is asked before this.

    Raises ValidationError for a birth date that lies ahead or fields that do not fit.
    """
    refuse_future(at=at, birth_date=birth_date)
    client = save_record(
        Client(birth_date=birth_date, phone=phone, email=email, notes=notes),
        verb="client_registered",
        by=by,
        at=at,
    )
    add_fact(
        ClientName(client=client, name=name.strip(), kana=plain_kana(kana), starts_on=birth_date),
        verb="name_recorded",
        by=by,
        at=at,
    )
    return client


@transaction.atomic
def change_name(
    *, client: Client, name: str, kana: str, starts_on: date, by: Membership, at: datetime
) -> ClientName:
    """A new name from a day on; the former one ends the day before and is still found by search."""
    row = ClientName(client=client, name=name.strip(), kana=plain_kana(kana), starts_on=starts_on)
    succeed_fact(row, siblings=client.names.all(), verb="name_changed", by=by, at=at)
    return row


@transaction.atomic
def correct_birth_date(
    *, client: Client, birth_date: date, reason: str, by: Membership, at: datetime
) -> Client:
    """A birth date that was written wrongly; the name that was borne from birth on begins with it.

    Raises ValidationError without a reason, for a day ahead, for one at which the person was too
    young for their first job, and for one after which they had another name, or died.
    """
    refuse_future(at=at, birth_date=birth_date)
    _refuse_too_young(client, birth_date)
    row = Client.objects.get(pk=client.pk)
    first = row.names.filter(starts_on=row.birth_date).first()
    if first is not None and first.ends_on is not None and first.ends_on < birth_date:
        raise ValidationError({"birth_date": _("氏名が変わった日より前の日付にしてください。")})
    correct_fact(row, changes={"birth_date": birth_date}, reason=reason, by=by, at=at)
    if first is not None:
        correct_fact(first, changes={"starts_on": birth_date}, reason=reason, by=by, at=at)
    return row


def _refuse_too_young(client: Client, birth_date: date) -> None:
    """Refuse a birth date less than `WORKING_AGE` years before the first job on file, at its field."""
    job = client.employments.order_by("starts_on").first()
    if job is None or months_later(birth_date, 12 * WORKING_AGE) <= job.starts_on:
        return
    text = _(
        "はじめの就職日（%(on)s）に、まだ%(age)s歳になっていません。生年月日か就職日を確かめてください。"
    )
    raise ValidationError({"birth_date": text % {"on": both(job.starts_on), "age": WORKING_AGE}})


@transaction.atomic
def open_enrolment(
    *, client: Client, office: Office, starts_on: date, by: Membership, at: datetime,
    ends_on: date | None = None, end_reason: str = "", end_note: str = "",
) -> Enrolment:  # fmt: skip
    """The office begins to work with the person: from that day on it sees them.

    `ends_on` with its reason: a use that was over before it is recorded, as one before the running
    one. Raises ValidationError when it already works with them, or when the day lies ahead.
    """
    refuse_future(at=at, starts_on=starts_on, ends_on=ends_on)
    row = Enrolment(
        client=client, office=office, starts_on=starts_on, ends_on=ends_on, end_reason=end_reason,
        end_note=end_note,
    )  # fmt: skip
    return save_record(row, verb="enrolment_opened", by=by, at=at, person_id=client.public_id)


@transaction.atomic
def link_by_certificate(
    *,
    municipality: Municipality,
    number: str,
    birth_date: date,
    office: Office,
    starts_on: date,
    by: Membership,
    at: datetime,
) -> Enrolment:
    """A second office works with a person who is on file: found by certificate and birth date.

    One message for every mismatch, so that nobody learns who is on file elsewhere. Raises
    ValidationError when number and birth date do not meet in one person.
    """
    found = (
        RecipientNumber.objects.filter(municipality=municipality, number=number)
        .select_related("client")
        .first()
    )
    if found is None or found.client.birth_date != birth_date:
        raise ValidationError(
            {"number": _("この市町村・番号・生年月日の組み合わせの方は見つかりません。")}
        )
    return open_enrolment(client=found.client, office=office, starts_on=starts_on, by=by, at=at)


def refuse_taken(municipality: Municipality, number: str) -> None:
    """Refuse a certificate number that somebody has in this municipality, at its field."""
    if RecipientNumber.objects.filter(municipality=municipality, number=number).exists():
        raise ValidationError({"number": _("この番号は、この市町村の別の方が使っています。")})


def refuse_taken_by_other(client: Client, municipality: Municipality, number: str) -> None:
    """Refuse a certificate number of somebody else here, at its field; the person's own is none."""
    if not client.recipient_numbers.filter(municipality=municipality, number=number).exists():
        refuse_taken(municipality, number)


@transaction.atomic
def record_number(
    *, client: Client, municipality: Municipality, number: str, by: Membership, at: datetime
) -> RecipientNumber:
    """The person's certificate number in a municipality; known already: the same row.

    Raises ValidationError when the number belongs to somebody else there.
    """
    held = RecipientNumber.objects.filter(municipality=municipality, number=number).first()
    if held is not None and held.client_id == client.pk:
        return held
    if held is not None:
        refuse_taken(municipality, number)
    row = RecipientNumber(client=client, municipality=municipality, number=number)
    return save_record(row, verb="number_recorded", by=by, at=at, person_id=client.public_id)
