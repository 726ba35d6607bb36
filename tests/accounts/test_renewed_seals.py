"""SECRET_KEY is changed: second factors keep working, and need the former key no longer once renewed."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from django.core.management import CommandError, call_command

from teikyaku.accounts.models import AuditEvent
from teikyaku.desk.seal_check import SEALED_OFF, factors_open

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


def test_a_key_that_is_lost_is_told_before_somebody_stands_at_the_door(factors, settings):
    assert factors_open() == factors_open(databases=["default"]) == []
    settings.SECRET_KEY = "n" * 50
    assert factors_open() == []
    (told,) = factors_open(databases=["default"])
    assert told.id == SEALED_OFF
    assert "2件" in told.msg


def test_what_no_key_opens_is_removed_where_that_is_asked_for(factors, settings, cast):
    key = Authenticator.objects.create(
        user=cast.user("head"),
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "鍵", "credential": {}},
    )
    settings.SECRET_KEY = "n" * 50
    TOTP.activate(cast.user("worker"), generate_totp_secret())
    call_command("renew_seals", "--forget-lost", stdout=StringIO())
    kept = set(Authenticator.objects.values_list("user", "type"))
    assert kept == {(key.user_id, "webauthn"), (cast.user("worker").pk, "totp")}
    (line,) = AuditEvent.objects.filter(verb="second_factor_lost")
    assert line.user == cast.user("head")
    assert factors_open(databases=["default"]) == []
