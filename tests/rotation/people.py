"""Signing in with a second factor, over HTTP."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from tests.cast import PASSWORD
from tests.chaos.server import Browser, action_of, filled


def enter(browser: Browser, email: str, secret: str) -> int:
    """Sign in with the password, then with the code of the app; the last status (302: in)."""
    page = browser.get(reverse("account_login"))
    form = page.form("login")
    first = browser.post(action_of(page, form), filled(form, login=email, password=PASSWORD))
    if first.status != 302:
        return first.status
    page = browser.get(reverse("mfa_authenticate"))
    form = page.form("code")
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    return browser.post(action_of(page, form), filled(form, code=code)).status
