"""allauth's adapters: sign-up is closed, sign-ins are audited, TOTP seeds are stored encrypted."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.actions.audit import audit_own
from teikyaku.accounts.models import AuditEvent, User
from teikyaku.accounts.models.user import folded_email
from teikyaku.clock import now


class AccountAdapter(DefaultAccountAdapter):
    """People come in by invitation only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "続けて失敗したため、5分ほどサインインできません。少し待って、もう一度試してください。"
        ),
        "email_password_mismatch": _("メールアドレスかパスワードが違います。"),
        "incorrect_password": _("パスワードが違います。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the system administrator invites."""
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Somebody is in: one line of audit."""
        audit_own(verb="signed_in", user=user, at=now(request))
        return super().post_login(request, user, **kwargs)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """An account is one, by whatever name the server is asked.

        allauth's own has the Host in it, with any port that somebody puts there: each would count anew.
        """
        return folded_email(str(credentials.get("email") or ""))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A password was wrong: a line, and whose where the address is known (never the text)."""
        email = folded_email(credentials.get("email") or "")
        user = User.objects.filter(email=email).first() if email else None
        refused = AuditEvent.Outcome.REFUSED
        audit_own(verb="sign_in_refused", user=user, at=now(request), outcome=refused)


def seals() -> MultiFernet:
    """Seals with the key from SECRET_KEY, opens also what a former key of SECRET_KEY_FALLBACKS sealed."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = [hashlib.sha256(b"teikyaku mfa" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class MFAAdapter(DefaultMFAAdapter):
    """Second factors; seeds and recovery codes are encrypted with a key from SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        """`text` as it is stored."""
        return seals().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was stored, in clear."""
        return seals().decrypt(encrypted_text.encode()).decode()
