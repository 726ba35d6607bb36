"""3月31日の就労の確認: whom an office asks about a March 31, and what it has found out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from clients.access import last_seen
from clients.enums import CheckOutcome
from clients.models import Client, Enrolment, WorkCheck
from clients.queries.client_list import seen_until
from clients.queries.no_contact import no_contact_q
from clients.queries.retention import OfficeUser, users_of_year
from clients.rules.work_record import hired_within
from teikyaku.accounts.models import Office
from teikyaku.clock import end_of


class CallState(TextChoices):
    """ようす of one person on the list."""

    TO_ASK = "to_ask", _("まだ聞いていない")
    NOT_REACHED = "not_reached", _("つながらなかった")
    ANSWERED = "answered", _("答えがある")
    DECLINED = "declined", _("連絡しない")


@dataclass(frozen=True, slots=True)
class CallRow:
    """One person to be asked: no more than name, number and last job, as the office knew them."""

    user: OfficeUser
    phone: str
    """ "" where there is none on file, and of who asked not to be called."""
    must_not_contact: bool
    """クローズ就労: the workplace must not be asked."""
    state: CallState
    is_known_elsewhere: bool
    """Another office serves or served the person too: what it wrote later is not told."""

    @property
    def client_id(self) -> UUID:
        """For links."""
        return self.user.client_id

    @property
    def attempts(self) -> tuple[WorkCheck, ...]:
        """What did not bring an answer, in the order of days."""
        return tuple(row for row in self.user.checks if row != self.user.answer)

    @property
    def workplace_phone(self) -> str:
        """The number of the last workplace, where it may be called and the job was not left."""
        job = self.user.last_job
        may_call = not self.must_not_contact and self.state != CallState.DECLINED
        if job is None or not may_call or self.user.left_on is not None:
            return ""
        own = "" if self.is_known_elsewhere else job.contact_phone
        return own or job.employer.phone


def call_list(office: Office, fiscal_year: int, on: date) -> list[CallRow]:
    """Everybody whose March 31 the file does not answer, by kana; nobody who has died (eight queries)."""
    users = users_of_year(office, fiscal_year, on)
    return _rows([u for u in users if u.must_ask and not _has_died(u.client, on)], office, on)


def call_row(office: Office, fiscal_year: int, on: date, client: Client) -> CallRow | None:
    """One person as above; also who has an answer that the file would give too, and who has died.

    Also who is too long gone for the 就労定着率 and still counts for 就労定着実績体制加算. None for
    whoever counts for neither, or is answered by the file alone.
    """
    since = hired_within(fiscal_year).starts_on
    users = users_of_year(office, fiscal_year, on, client, since=since)
    return next(iter(_rows([u for u in users if u.must_ask or u.checks], office, on)), None)


def _rows(users: Sequence[OfficeUser], office: Office, on: date) -> list[CallRow]:
    elsewhere, declined = _elsewhere(users, office), _declined(users, office, on)
    phones = _phones(users, elsewhere, on)
    silent = _silent([user.enrolment for user in users], on)
    return [
        CallRow(
            user=user,
            phone=""
            if user.client.pk in declined or _has_died(user.client, on)
            else phones[user.client.pk],
            must_not_contact=user.enrolment.pk in silent,
            state=_state(user, is_declined=user.client.pk in declined),
            is_known_elsewhere=user.client.pk in elsewhere,
        )
        for user in users
    ]


def _has_died(client: Client, on: date) -> bool:
    return client.died_on is not None and client.died_on <= on


def _state(user: OfficeUser, *, is_declined: bool) -> CallState:
    if user.answer is not None:
        return CallState.ANSWERED
    if is_declined:
        return CallState.DECLINED
    return CallState.NOT_REACHED if user.checks else CallState.TO_ASK


def _declined(users: Iterable[OfficeUser], office: Office, on: date) -> set[int]:
    """Who asked not to be called, of whichever March 31: a wish holds until it is corrected."""
    rows = WorkCheck.objects.filter(
        office=office,
        client__in=[user.client.pk for user in users],
        outcome=CheckOutcome.DECLINED,
        asked_on__lte=on,
    )
    return set(rows.values_list("client", flat=True))


def _silent(enrolments: Sequence[Enrolment], on: date) -> set[int]:
    """The uses whose workplace must not be contacted."""
    rows = Enrolment.objects.filter(pk__in=[row.pk for row in enrolments])
    return set(
        rows.filter(no_contact_q(seen_until(on), OuterRef("client"))).values_list("pk", flat=True)
    )


def _elsewhere(users: Sequence[OfficeUser], office: Office) -> set[int]:
    """The people whom another office serves or served too."""
    others = Enrolment.objects.filter(client=OuterRef("pk")).exclude(office=office)
    people = Client.objects.filter(Exists(others), pk__in=[user.client.pk for user in users])
    return set(people.values_list("pk", flat=True))


def _phones(users: Sequence[OfficeUser], elsewhere: set[int], on: date) -> dict[int, str]:
    """The person's own number as it was on the last day that the office saw.

    A number has no date of its own: of who is known elsewhere too, it is read from the history of
    that day. Read for everybody or nobody: the same number of queries whoever is on the list.
    """
    known: dict[int, list[Any]] = {}
    history: Any = Client.history  # type: ignore[attr-defined]
    for row in history.filter(id__in=elsewhere).order_by("history_date", "history_id"):
        known.setdefault(row.id, []).append(row)
    found = {}
    for user in users:
        key, until = user.client.pk, end_of(last_seen(user.enrolment, on))
        if key not in elsewhere:
            found[key] = user.client.phone
            continue
        then = [row for row in known.get(key, ()) if row.history_date < until]
        found[key] = then[-1].phone if then else ""
    return found
