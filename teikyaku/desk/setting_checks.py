"""What the operator is told of settings that run out: at every command, so also by the nightly ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from teikyaku.clock import today

SOON = timedelta(days=30)
# RFC 9116 advises less than a year: whoever reads the file later asks again.
AT_MOST = timedelta(days=365)
RUNS_OUT, TOO_FAR = "teikyaku.W001", "teikyaku.W002"


def contact_is_read(**_kwargs: Any) -> list[CheckMessage]:
    """security.txt is gone the day after the contact's last one: said from 30 days before."""
    until = settings.SECURITY_CONTACT_UNTIL
    if not settings.SECURITY_CONTACT or until is None:
        return []
    left = until - today()
    if left > AT_MOST:
        text = f"SECURITY_CONTACT_UNTIL={until} は1年より先です。1年以内の日にしてください。"
        return [Warning(text, id=TOO_FAR)]
    if left > SOON:
        return []
    text = (
        f"SECURITY_CONTACT_UNTIL={until} の次の日から、security.txt は出ません。"
        "連絡先を確かめて、新しい日を書いてください。"
    )
    return [Warning(text, id=RUNS_OUT)]
