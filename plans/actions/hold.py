"""An application is held and read again before it is changed: two at once get one result and one message.

Held before its decisions where both are (plans.actions.decision). Call inside an atomic action.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plans.models import Application
from teikyaku.accounts.models import Membership, Municipality


def hold_application(application: Application, by: Membership) -> None:
    """Nobody else writes `application` until the transaction ends, and it is as it stands now.

    Raises ValidationError where its file has passed to another ward than that of `by`.
    """
    application.refresh_from_db(from_queryset=Application.objects.select_for_update())
    refuse_passed(application.municipality, by)


def refuse_passed(keeper: Municipality, by: Membership) -> None:
    """Refuse to write on a file that lies with another ward than that of `by`."""
    # The city's main office corrects for its wards, and what an office copied is the office's.
    ward = by.municipality
    if ward is None or ward == keeper or keeper.city_id == ward.pk:
        return
    message = _("この方の記録は、%(ward)sに渡っています。")
    raise ValidationError(message % {"ward": keeper.full_name})
