"""SECRET_KEY is changed: second factors keep working, and need the former key no longer once renewed."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def factors(cast, settings):
    """An app and recovery codes, sealed with the key of today; (secret, codes)."""
    settings.SECRET_KEY = "k" * 50
    secret = generate_totp_secret()
    TOTP.activate(cast.user("head"), secret)
    return secret, RecoveryCodes.activate(cast.user("head")).get_unused_codes()


def stored():
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    return decrypt(totp.data["secret"]), RecoveryCodes(codes).get_unused_codes()


def test_a_former_key_still_opens(factors, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, ["k" * 50]
    assert stored() == factors


def test_once_renewed_the_former_key_may_go(factors, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, ["k" * 50]
    said = StringIO()
    call_command("renew_seals", stdout=said)
    assert "2件" in said.getvalue()
    settings.SECRET_KEY_FALLBACKS = []
    assert stored() == factors


def test_without_the_former_key_nothing_is_written(factors, settings):
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    settings.SECRET_KEY = "n" * 50
    with pytest.raises(CommandError, match="前の値"):
        call_command("renew_seals")
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before
