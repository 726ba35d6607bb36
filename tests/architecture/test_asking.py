"""The second run takes every test that may ask a database, and pytest-django refuses the others."""

import pytest
from django.db import connection

from tests.asking import may_ask


def test_by_a_fixture_of_a_fixture(request, cast):
    assert may_ask(request.node)


@pytest.mark.django_db
def test_by_its_mark(request):
    assert may_ask(request.node)


def test_no_other_test_gets_an_answer(request):
    assert not may_ask(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.cursor()
