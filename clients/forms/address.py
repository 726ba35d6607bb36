"""An address as a ward writes it: without city and ward, which its papers put before it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from teikyaku.accounts.models import Municipality


def address_inside(address: str, ward: Municipality) -> str:
    """What stands behind city and ward.

    Raises ValidationError for the address of another ward of the city, and for one that ends there.
    """
    city = ward.city.name if ward.city else ""
    inner = address.removeprefix(city).lstrip() if city else address
    others = Municipality.objects.filter(city=ward.city_id, city__isnull=False).exclude(pk=ward.pk)
    for other in others:
        if inner.startswith(other.name):
            message = _("%(other)sの住所です。%(own)sの住所を入れてください。")
            raise ValidationError(message % {"other": other.name, "own": ward.name})
    inner = inner.removeprefix(ward.name).lstrip()
    if not inner:
        raise ValidationError(_("町名と番地も入れてください。"))
    return inner
