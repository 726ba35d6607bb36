"""Parents and their children in one query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Employment, Leave
from teikyaku.children import folded, parents_with, with_children
from teikyaku.periods import months_later

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(cast):
    """A job with two leaves, written in the wrong order."""
    found = Employment.objects.filter(client=cast.enrolment.client)[0]
    for months in (3, 1):
        day = months_later(found.starts_on, months)
        Leave.objects.create(
            employment=found, starts_on=day, ends_on=day, recorded_by=cast.members["worker"],
            recorded_at=found.recorded_at,
        )  # fmt: skip
    return found


def asked():
    jobs = Employment.objects.select_related("employer").order_by("starts_on", "pk")
    return with_children(jobs, "leaves", "starts_on")


def test_as_prefetched_in_one_query(job):
    plain = Employment.objects.order_by("starts_on", "pk").prefetch_related("leaves")
    expected = [(row, list(row.leaves.all())) for row in plain]
    assert any(not leaves for _row, leaves in expected)
    with CaptureQueriesContext(connection) as queries:
        found = folded(asked(), "leaves")
        got = [(row, list(row.leaves.all())) for row in found]
        assert all(leave.employment == row for row, leaves in got for leave in leaves)
        assert all(row.employer.name for row in found)
    assert got == expected
    assert len(queries) == 1


def test_whole_children(job):
    for parent, leaves in parents_with(asked(), "leaves"):
        for leave in leaves:
            stored = Leave.objects.get(pk=leave.pk)
            names = [field.attname for field in Leave._meta.concrete_fields]
            assert [getattr(leave, n) for n in names] == [getattr(stored, n) for n in names]
        assert parent.pk != job.pk or len(leaves) == 2
