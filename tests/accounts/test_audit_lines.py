"""The pages of the audit log: newest first, by day, and never more than it can turn over."""

from datetime import timedelta

import pytest
from django.urls import reverse

from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.queries import audit_lines
from teikyaku.accounts.queries.audit_lines import AuditLines
from teikyaku.clock import at_noon, at_start_of, end_of
from tests.accounts.test_coming_and_going import enter


def add_lines(cast, days, *, key="head", verb="report_shared"):
    """One line a day, the oldest first."""
    member = cast.members[key] if key else None
    for day in range(days):
        AuditEvent.objects.create(
            at=at_noon(cast.today - timedelta(days=days - day)), verb=verb,
            membership=member, user=member.user if member else None,
        )  # fmt: skip


@pytest.mark.parametrize("key", ["head", "officer", "admin"])
def test_lines_of_one_place_newest_first_each_once(cast, key):
    add_lines(cast, 3, key=key)
    add_lines(cast, 2, key=None, verb="sign_in_refused")
    lines = AuditLines(cast.members[key])
    found = list(lines[:1000])
    assert len(found) == len(lines) == len({line.pk for line in found})
    assert [(line.at, line.pk) for line in found] == sorted(
        ((line.at, line.pk) for line in found), reverse=True
    )
    assert any(line.membership_id is None for line in found) == (key == "admin")
    assert lines[0].pk == found[0].pk
    assert [line.pk for line in lines[2:4]] == [line.pk for line in found[2:4]]


def test_up_to_a_day_and_of_one_outcome(client, cast):
    add_lines(cast, 5)
    enter(client, cast.members["head"])
    until = cast.today - timedelta(days=3)
    url = reverse("audit_log")
    rows = client.get(f"{url}?until={until.isoformat()}").context["rows"]
    assert rows
    assert all(row.at < end_of(until) for row in rows)
    assert max(row.at for row in rows) == at_noon(until)
    refused = client.get(f"{url}?until={until.isoformat()}&outcome=refused")
    assert refused.context["rows"] == []
    assert f"until={until.isoformat()}" in refused.content.decode()


def test_a_day_that_cannot_be_read_is_said(client, cast):
    enter(client, cast.members["head"])
    answer = client.get(reverse("audit_log") + "?until=きのう&outcome=nonsense")
    assert answer.status_code == 200
    assert answer.context["form"].errors["until"]
    assert answer.context["rows"]


def test_a_long_log_says_how_to_reach_the_rest(client, cast, monkeypatch):
    monkeypatch.setattr(audit_lines, "MOST", 3)
    add_lines(cast, 5)
    lines = AuditLines(cast.members["head"])
    assert len(lines) == len(lines[:]) == 3
    assert lines.is_cut
    enter(client, cast.members["head"])
    assert "日付を入れて探してください" in client.get(reverse("audit_log")).content.decode()


def test_it_is_narrowed_to_a_person_and_from_a_day_on(client, cast):
    add_lines(cast, 3)
    add_lines(cast, 4, key="worker")
    enter(client, cast.members["head"])
    url = reverse("audit_log")
    everybody = client.get(url).context["page"].paginator.count
    name = cast.members["worker"].user.name
    rows = client.get(url, {"who": name}).context["page"]
    assert 0 < rows.paginator.count < everybody
    assert {row.user_id for row in rows} == {cast.members["worker"].user_id}
    closed_up = client.get(url, {"who": name.replace(" ", "").replace("\u3000", "")})
    assert closed_up.context["page"].paginator.count == rows.paginator.count
    nobody = client.get(url, {"who": "だれでもない"})
    assert nobody.context["rows"] == []
    assert "この条件に合う記録はありません" in nobody.content.decode()
    since = cast.today - timedelta(days=2)
    rows = client.get(url, {"since": since.isoformat()}).context["rows"]
    assert rows
    assert all(row.at >= at_start_of(since) for row in rows)
    wrong = client.get(url, {"since": cast.today.isoformat(), "until": since.isoformat()})
    assert wrong.context["form"].errors["until"]
