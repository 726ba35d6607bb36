"""The nightly look: what does not fit is kept, told once, and marked when it is gone."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.outbox import queue_mail
from teikyaku.accounts.models import Inconsistency, Membership, User
from teikyaku.accounts.roles import Permission
from teikyaku.clock import date_of
from teikyaku.desk.inconsistencies import QUESTIONS, Found, Question
from teikyaku.links import absolute

logger = logging.getLogger(__name__)
Kind = Inconsistency.Kind
MAIL_KIND = "inconsistencies"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look came to."""

    new: int
    standing: int
    gone: int


def look_over(*, at: datetime, questions: Mapping[Kind, Question] = QUESTIONS) -> Looked:
    """Ask every question, keep the answers, and write the mails about what is new.

    Of a question that fails nothing is taken for mended; that it failed is kept instead.
    """
    answers, failed = _answers(at, questions)
    with transaction.atomic():
        new, gone = _keep(answers, failed, at)
        _tell(new, at)
    return Looked(len(new), Inconsistency.objects.filter(gone_at=None).count(), gone)


def _answers(
    at: datetime, questions: Mapping[Kind, Question]
) -> tuple[dict[tuple[str, str], Found], set[str]]:
    found: dict[tuple[str, str], Found] = {}
    failed: set[str] = set()
    for kind, question in questions.items():
        try:
            found |= {(kind.value, each.subject): each for each in question(at)}
        except Exception as error:
            # Its text may hold anything: the class says enough. The other questions go on.
            logger.exception("question %s", kind.value)
            failed.add(kind.value)
            detail = f"{kind.label}（{type(error).__name__}）"
            found[Kind.UNASKED.value, kind.value] = Found(kind.value, detail=detail)
    return found, failed


def _keep(
    answers: Mapping[tuple[str, str], Found], failed: set[str], at: datetime
) -> tuple[list[Inconsistency], int]:
    """The rows that are new, and how many are gone. What still stands keeps its first instant."""
    standing = {(row.kind, row.subject): row for row in Inconsistency.objects.filter(gone_at=None)}
    seen = [row.pk for key, row in standing.items() if key in answers]
    Inconsistency.objects.filter(pk__in=seen).update(seen_at=at)
    over = [
        row.pk for key, row in standing.items() if key not in answers and row.kind not in failed
    ]
    gone = Inconsistency.objects.filter(pk__in=over).update(gone_at=at)
    rows = [_row(kind, each, at) for (kind, _subject), each in answers.items()]
    new = [row for row in rows if (row.kind, row.subject) not in standing]
    return Inconsistency.objects.bulk_create(new), gone


def _row(kind: str, each: Found, at: datetime) -> Inconsistency:
    return Inconsistency(
        kind=kind, subject=each.subject, office_id=each.office_id, detail=each.detail[:200],
        page=each.page, page_arguments=list(each.arguments), found_at=at, seen_at=at,
    )  # fmt: skip


def _tell(new: Iterable[Inconsistency], at: datetime) -> None:
    """One mail a day for each who reads the page and for whom something is new."""
    rows = list(new)
    if not rows:
        return
    members = Membership.objects.filter(ended_at=None, user__is_active=True).in_force(date_of(at))
    for member in members.select_related("user"):
        if not member.may(Permission.AUDIT_READ):
            continue
        # An administrator hears of everything, an office of its own.
        mine = [row for row in rows if member.office_id in (None, row.office_id)]
        if mine:
            _mail(member.user, f"{date_of(at)}:{member.public_id}"[:40], mine, at)


def _mail(user: User, period: str, rows: list[Inconsistency], at: datetime) -> None:
    counts = Counter(str(Kind(row.kind).label) for row in rows)
    lines = [_("・%(what)s：%(n)d件") % {"what": what, "n": n} for what, n in counts.items()]
    body = _("夜の点検で、新しく見つかったものがあります。\n\n%(lines)s\n\n%(url)s") % {
        "lines": "\n".join(lines), "url": absolute(reverse("inconsistencies")),
    }  # fmt: skip
    subject = _("記録の点検：確かめることが%(n)d件あります") % {"n": len(rows)}
    queue_mail(kind=MAIL_KIND, recipient=user, period=period, subject=subject, body=body, at=at)
