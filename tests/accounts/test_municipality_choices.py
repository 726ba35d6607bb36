"""支給市町村: who decides and pays, as every form offers them."""

import pytest

from teikyaku.accounts.forms.people import InviteForm
from teikyaku.accounts.models import Municipality

pytestmark = pytest.mark.django_db


def test_a_designated_city_pays_nothing_its_wards_do():
    before = set(Municipality.objects.paying())
    city = Municipality.objects.create(code="991007", name="架空市", kana="かくうし", kind="city")
    ward = Municipality.objects.create(
        code="991015", name="東区", kana="ひがしく", kind="ward", city=city
    )
    town = Municipality.objects.create(
        code="992011", name="架空町", kana="かくうまち", kind="other"
    )
    assert set(Municipality.objects.paying()) - before == {ward, town}


def test_an_invitation_offers_wards_apart_from_cities():
    city = Municipality.objects.create(code="991007", name="架空市", kana="かくうし", kind="city")
    ward = Municipality.objects.create(
        code="991015", name="東区", kana="ひがしく", kind="ward", city=city
    )
    _nothing, *groups = InviteForm().fields["municipality"].choices
    offered = {str(label): [key for key, _name in rows] for label, rows in groups}
    assert ward.pk in offered["区役所職員"]
    assert city.pk in offered["本庁の職員"]
    assert city.pk not in offered["区役所職員"]
