"""職員の資格・研修: written by the manager, as typed; corrected with a reason; read by the office alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from teikyaku.accounts.actions.qualification import add_qualification
from teikyaku.accounts.models import AuditEvent, StaffQualification
from teikyaku.clock import at_noon
from tests.access.expiry import qualification
from tests.accounts.test_coming_and_going import enter

DAY = timedelta(days=1)


def add(cast, **facts):
    told = {"kind": "更新研修", "obtained_on": cast.today - 30 * DAY, "valid_until": None}
    return add_qualification(
        membership=cast.members["worker"], **{**told, **facts},
        by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip


def test_the_manager_writes_one_and_it_stands_on_the_board(client, cast):
    enter(client, cast.members["head"])
    url = reverse("qualification_new", args=[cast.members["manager"].public_id])
    assert url in client.get(reverse("qualifications")).content.decode()
    until = cast.today + 20 * DAY
    data = {
        "chosen": "サービス管理責任者 更新研修", "obtained_on": "令和4年5月1日",
        "valid_until": until.isoformat(), "note": "県の研修",
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    row = StaffQualification.objects.get()
    assert (row.kind, row.valid_until, row.recorded_by) == (
        data["chosen"], until, cast.members["head"],
    )  # fmt: skip
    board = client.get(f"{reverse('expiry')}?kind=qualification").content.decode()
    assert "職員 manager" in board
    assert "更新し、新しい有効期限を記録する" in board
    assert AuditEvent.objects.filter(verb="qualification_recorded").exists()


def test_a_name_of_ones_own_is_taken_and_offered_next_time(client, cast):
    enter(client, cast.members["head"])
    url = reverse("qualification_new", args=[cast.members["worker"].public_id])
    missing = client.post(url, {"chosen": "other", "valid_until": cast.today.isoformat()})
    assert missing.status_code == 422
    assert "資格・研修の名前を入れてください。" in missing.content.decode()
    data = {"chosen": "other", "kind": "市の連絡会の修了", "valid_until": cast.today.isoformat()}
    assert client.post(url, data).status_code == 302
    assert "市の連絡会の修了" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"obtained_on": None}, "obtained_on"),
        ({"obtained_on": "tomorrow"}, "obtained_on"),
        ({"valid_until": "long ago"}, "valid_until"),
        ({"kind": " "}, "kind"),
    ],
    ids=["no day at all", "completed tomorrow", "ended before", "no name"],
)
def test_what_does_not_fit_is_said_at_its_field(cast, facts, field):
    days = {"tomorrow": cast.today + DAY, "long ago": cast.today - 90 * DAY}
    with pytest.raises(ValidationError) as error:
        add(cast, **{name: days.get(value, value) for name, value in facts.items()})
    assert field in error.value.message_dict


def test_the_same_one_is_written_once(cast):
    add(cast, valid_until=cast.today)
    with pytest.raises(ValidationError, match="もう記録されています"):
        add(cast, valid_until=cast.today)


def test_a_correction_says_why_and_keeps_what_stood_there(client, cast):
    row = qualification(cast)
    enter(client, cast.members["head"])
    url = reverse("qualification_correct", args=[row.public_id])
    data = {"chosen": row.kind, "obtained_on": "", "valid_until": cast.today.isoformat()}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"reason": "写し間違い"}).status_code == 302
    before = row.valid_until
    row.refresh_from_db()
    assert row.valid_until == cast.today
    assert row.history.last().valid_until == before
    assert row.history.first().history_change_reason == "写し間違い"


def test_a_later_one_of_the_same_name_is_told_as_renewal(client, cast):
    first = qualification(cast)
    add_qualification(
        membership=first.membership, kind=first.kind, obtained_on=cast.today,
        valid_until=first.valid_until + 400 * DAY, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, cast.members["worker"])
    page = client.get(reverse("qualifications")).content.decode()
    assert page.count("更新済み") == 1
    assert reverse("qualification_correct", args=[first.public_id]) not in page


def test_another_office_neither_reads_nor_writes(client, cast):
    row = qualification(cast)
    enter(client, cast.members["outsider"])
    assert row.kind not in client.get(reverse("qualifications")).content.decode()
    for name, key in (
        ("qualification_new", row.membership.public_id), ("qualification_correct", row.public_id),
    ):  # fmt: skip
        url = reverse(name, args=[key])
        assert client.get(url).status_code == client.post(url, {}).status_code == 404
