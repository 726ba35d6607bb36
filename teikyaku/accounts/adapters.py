"""allauth's adapters: sign-up is closed, TOTP seeds are stored encrypted."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People come in by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the system administrator invites."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Second factors; seeds and recovery codes are encrypted with a key from SECRET_KEY."""

    @staticmethod
    def _fernet() -> Fernet:
        digest = hashlib.sha256(b"teikyaku mfa" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        """`text` as it is stored."""
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was stored, in clear."""
        return self._fernet().decrypt(encrypted_text.encode()).decode()
