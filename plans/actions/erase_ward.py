"""Erasing a ward's file of a person; an office's rows stay as they are."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.erase import REASON, past_erasure, record_erasure
from clients.models import Client, Erasure
from clients.queries.keeping import years_kept
from plans.actions.erase import drop_shells, erase_last
from plans.models import CapPeriod, Certificate, Decision, Proposal
from plans.queries.keeping import is_kept, last_parts
from plans.queries.ward_keeping import transcriptions, ward_file, ward_kept_file, ward_parts
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.clock import date_of
from teikyaku.erasing import added, counted, erase_history, erase_parts

GONE = "（保存期間が終わり、消去しました）"
"""Stands where a row that stays must say why (a revocation)."""


@transaction.atomic
def erase_ward_file(*, client: Client, ward: Municipality, by: Membership, at: datetime) -> Erasure:
    """Erase a ward's file of a person whose time of keeping is over; with the last file, the person.

    An office's own rows stay as they are; what it works by stays as its transcription. Two at once,
    or asked again: one erasure, the same answer. Raises ValidationError while the file is not due
    or is held back.
    """
    person = Client.objects.select_for_update().filter(pk=client.pk).first()
    if person is None or not ward_file(person, ward).ends:
        done = past_erasure(client.public_id, by)
        if done is None:
            raise ValidationError(_("消去する記録がありません。"))
        return done
    on = date_of(at)
    file = ward_kept_file(person, ward, int(years_kept(on).value))
    if file is None or not file.keeping.is_due(on):
        raise ValidationError(_("保存期間が、まだ終わっていません。"))
    if file.is_held(on):
        raise ValidationError(_("この方の消去は、保留になっています。"))
    parts = ward_parts(person, ward)
    counts = list(counted(parts))
    _leave_transcriptions(person, ward)
    erase_parts(parts, reason=REASON)
    drop_shells(client=person)
    is_last = not is_kept(person)
    if is_last:
        counts += counted(last_parts(person))
        erase_last(client=person)
    return record_erasure(
        client=client, keeping=file.keeping, counts=added(counts), was_last=is_last, by=by, at=at
    )


def _leave_transcriptions(client: Client, ward: Municipality) -> None:
    """What an office works by stays as if it had copied the paper: without the ward's words."""
    kept = transcriptions(client, ward)
    rows = Decision.objects.filter(pk__in=kept.decisions)
    Proposal.objects.filter(decision__in=kept.decisions).update(application=None)
    rows.update(application=None, reason="", is_transcribed=True)
    rows.exclude(revocation_reason="").update(revocation_reason=GONE)
    Certificate.objects.filter(pk__in=kept.certificates).update(reason="", remarks="")
    CapPeriod.objects.filter(pk__in=kept.caps).update(category_reason="")
    erase_history(Decision, "id", kept.decisions)
    erase_history(Certificate, "id", kept.certificates)
    erase_history(CapPeriod, "id", kept.caps)
