"""Addresses that are looked up once for each page: those of `reverse`."""

from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from teikyaku.addresses import address_of
from teikyaku.periods import Month

PAGES = [
    ("client_page", ()),
    ("interview_page", ()),
    ("fact_new", ("residence",)),
    ("report_page", (Month(2026, 4),)),
    ("report_page", (Month(2026, 5),)),
]


@pytest.mark.parametrize(("name", "behind"), PAGES)
def test_the_address_is_that_of_reverse_for_everybody(name, behind):
    for public_id in (uuid4(), uuid4()):
        assert address_of(name, public_id, *behind) == reverse(name, args=[public_id, *behind])


def test_below_a_prefix():
    public_id = uuid4()
    plain = address_of("client_page", public_id)
    set_script_prefix("/office/")
    try:
        assert address_of("client_page", public_id) == f"/office{plain}"
    finally:
        set_script_prefix("/")


def test_what_is_no_page_is_an_error():
    with pytest.raises(NoReverseMatch):
        address_of("no_such_page", uuid4())
