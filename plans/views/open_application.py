"""「まだ終わっていない申請」: who meets it is led to that application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from clients.models import Client
from plans.models import Application
from teikyaku.accounts.models import Municipality
from teikyaku.era import both

ONE_OPEN = "application_one_open"


@contextmanager
def open_one_linked(client: Client | None, ward: Municipality) -> Iterator[None]:
    """Run an action; where an application of `client` is open at the reader's own `ward`, its refusal has a link.

    Raises what the action raises, ValidationError with the link in place of the plain sentence.
    """
    try:
        yield
    except ValidationError as error:
        found = _open_one(client, ward) if _says_open(error) else None
        if found is None:
            raise
        raise ValidationError(_words(found)) from error


def _says_open(error: ValidationError) -> bool:
    said = next(each for each in Application._meta.constraints if each.name == ONE_OPEN)
    return str(said.get_violation_error_message()) in error.messages


def _open_one(client: Client | None, ward: Municipality) -> Application | None:
    if client is None:
        return None
    return Application.objects.filter(client=client, municipality=ward, outcome="").first()


def _words(row: Application) -> str:
    return format_html(
        '{} <a href="{}">{}</a>',
        _("この方には、まだ終わっていない申請があります。"),
        reverse("admin:application_page", args=[row.public_id]),
        _("%(on)sに受け付けた申請を開く") % {"on": both(row.received_on)},
    )
