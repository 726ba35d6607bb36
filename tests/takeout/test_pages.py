"""The page データを持ち出す: asked who one is, made a piece at a time, taken, on the record, and gone."""

import zipfile
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from clients.models import ClientName
from teikyaku.accounts.actions.takeout import (
    FOLDER,
    ask_takeout,
    folder_of,
    remove_old_takeouts,
    remove_takeouts_of,
    take,
)
from teikyaku.accounts.models import AuditEvent, FigureOverride, OfficeTakeout
from teikyaku.accounts.queries.audit import verb_label
from teikyaku.clock import at_noon, now
from teikyaku.desk.actions import takeout as work
from teikyaku.desk.backup.make import _add_files
from teikyaku.desk.takeout import archive as building
from teikyaku.desk.takeout.note import BOOK
from tests.cast import PASSWORD
from tests.takeout.moving import leave_out_workbooks

pytestmark = pytest.mark.usefixtures("papers_folder")


@pytest.fixture(autouse=True)
def without_workbooks(monkeypatch, request):
    if "workbook" in request.node.name:
        return
    leave_out_workbooks(monkeypatch)
    monkeypatch.setattr(work, "SECONDS", 600.0)  # a machine under load is no reason to fail


@pytest.fixture
def head(client, cast):
    """Who leads the office, signed in."""
    client.force_login(cast.user("head"), backend="teikyaku.accounts.backends.EmailBackend")
    return client


def proven(client):
    """As after the password was asked once more."""
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302
    return client


def verbs():
    rows = AuditEvent.objects.filter(verb__startswith="office_takeout").order_by("pk")
    return [row.verb for row in rows]


def made(cast, at=None):
    """A file that lies there."""
    by = cast.members["head"]
    takeout = ask_takeout(office=cast.office, by=by, at=at or now())
    assert work.build_on(takeout=takeout, by=by, at=at or now())
    takeout.refresh_from_db()
    return takeout


def test_it_asks_once_more_who_one_is(head, cast):
    page = head.get(reverse("takeouts")).content.decode()
    assert "ファイルを作る" in page
    assert "まだありません" in page
    answer = head.post(reverse("takeout_ask"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not OfficeTakeout.objects.exists()
    takeout = made(cast)
    answer = head.get(reverse("takeout_file", args=[takeout.public_id]))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert reverse("takeouts") in unquote(answer["Location"])


def test_made_taken_and_on_the_record(head, cast):
    proven(head)
    assert head.post(reverse("takeout_ask")).status_code == 302
    takeout = OfficeTakeout.objects.get()
    # Nothing is made in the request that asks: the page goes on from here.
    assert (takeout.is_open, takeout.row_count) == (True, 0)
    page = head.get(reverse("takeouts")).content.decode()
    assert "data-go-on" in page
    head.post(reverse("takeout_build", args=[takeout.public_id]))
    takeout.refresh_from_db()
    assert takeout.is_here
    assert takeout.row_count > 100
    page = head.get(reverse("takeouts")).content.decode()
    assert "受け取る" in page
    assert cast.user("head").name in page
    answer = head.get(reverse("takeout_file", args=[takeout.public_id]))
    assert answer["Content-Disposition"].startswith('attachment; filename="teikyaku-1500000001-')
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "読んでください.txt" in archive.namelist()
        assert "manifest.json" in archive.namelist()
    takeout.refresh_from_db()
    assert (takeout.download_count, takeout.taken_by) == (1, cast.members["head"])
    assert verbs() == ["office_takeout_asked", "office_takeout_ready", "office_takeout_taken"]
    assert all(AuditEvent.objects.filter(verb=verb).get().subject_id == takeout.public_id for verb in verbs())  # fmt: skip


def test_the_verbs_have_words():
    for verb in ("asked", "ready", "taken", "removed"):
        words = str(verb_label(f"office_takeout_{verb}"))
        assert "持ち出" in words


def test_the_workbook_is_of_the_moment_of_the_data(cast, tmp_path):
    folder, given = tmp_path / "one", {"on": cast.today, "at": at_noon(cast.today)}
    name = ClientName.objects.filter(client=cast.enrolment.client).get()
    before = name.name
    with building.alone(folder):
        building.work_on(folder, cast.office, seconds=0, **given)
        ClientName.objects.filter(pk=name.pk).update(name="あとの 名前")
        note = building.work_on(folder, cast.office, **given)
    assert note.left == 0
    with zipfile.ZipFile(folder / building.ZIP) as archive:
        book = load_workbook(BytesIO(archive.read(BOOK)), read_only=True)
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert before in cells
    assert "あとの 名前" not in cells
    assert cast.wards[0].full_name in cells or cast.wards[2].full_name in cells


def test_piece_by_piece_and_asked_twice(head, cast, monkeypatch):
    proven(head)
    monkeypatch.setattr(work, "SECONDS", 0.0)
    head.post(reverse("takeout_ask"))
    takeout = OfficeTakeout.objects.get()
    head.post(reverse("takeout_build", args=[takeout.public_id]))
    takeout.refresh_from_db()
    assert (takeout.is_open, takeout.steps_done) == (True, 0)
    assert takeout.row_count > 100
    assert "作っています" in head.get(reverse("takeouts")).content.decode()
    head.post(reverse("takeout_ask"))
    assert OfficeTakeout.objects.count() == 1, "asked again it goes on"
    for _piece in range(takeout.steps + 1):
        head.post(reverse("takeout_build", args=[takeout.public_id]))
    takeout.refresh_from_db()
    assert takeout.is_here
    assert takeout.steps_done == takeout.steps > 0
    head.post(reverse("takeout_build", args=[takeout.public_id]))
    assert verbs().count("office_takeout_ready") == 1


def test_removed_by_hand(head, cast):
    takeout = made(cast)
    assert "消す" in head.get(reverse("takeout_remove", args=[takeout.public_id])).content.decode()
    assert folder_of(takeout).exists()


@pytest.mark.django_db(transaction=False)
def test_removed_once_for_all(head, cast, django_capture_on_commit_callbacks):
    takeout = made(cast)
    with django_capture_on_commit_callbacks(execute=True):
        head.post(reverse("takeout_remove", args=[takeout.public_id]))
        head.post(reverse("takeout_remove", args=[takeout.public_id]))
    assert not folder_of(takeout).exists()
    assert verbs()[-1] == "office_takeout_removed"
    assert verbs().count("office_takeout_removed") == 1
    proven(head)
    assert head.get(reverse("takeout_file", args=[takeout.public_id])).status_code == 404


def test_after_its_days_the_job_removes_it(cast, capsys):
    FigureOverride.objects.create(
        key="takeout.days", value="2", first_month="2020-01-01", source="試験",
        recorded_by=cast.members["admin"], recorded_at=now(),
    )  # fmt: skip
    takeout = made(cast, at_noon(cast.today - timedelta(days=2)))
    assert takeout.kept_until == cast.today
    take(takeout=takeout, by=cast.members["head"], at=at_noon(cast.today))
    assert remove_old_takeouts(at=at_noon(cast.today)) == 0
    OfficeTakeout.objects.filter(pk=takeout.pk).update(kept_until=cast.today - timedelta(days=1))
    call_command("check_attachments")
    assert "持ち出し用のファイルを1件消しました" in capsys.readouterr().out
    assert not folder_of(takeout).exists()
    assert remove_old_takeouts(at=now()) == 0


def test_what_nobody_finished_goes_after_a_day(cast):
    by = cast.members["head"]
    takeout = ask_takeout(office=cast.office, by=by, at=now() - timedelta(days=1, minutes=1))
    assert remove_old_takeouts(at=now()) == 1
    takeout.refresh_from_db()
    assert not work.build_on(takeout=takeout, by=by, at=now()), "taken back while it was made"
    assert not folder_of(takeout).exists()
    assert ask_takeout(office=cast.office, by=by, at=now()).pk != takeout.pk


def test_an_erasure_takes_the_file_along(cast, django_capture_on_commit_callbacks):
    takeout = made(cast)
    with django_capture_on_commit_callbacks(execute=True):
        remove_takeouts_of(cast.office, at=now())
    assert not folder_of(takeout).exists()


def test_no_backup_holds_it(cast, papers_folder):
    made(cast)
    (papers_folder / "attachments").mkdir(exist_ok=True)
    (papers_folder / "attachments" / "a.jpg").write_bytes(b"x")

    class Tar:
        def addfile(self, *_given):
            """Written."""

    names = {name for name, _counted in _add_files(Tar(), papers_folder)}
    assert names == {"attachments/a.jpg"}
    assert (papers_folder / FOLDER).exists()


def test_the_way_to_it(head, client, cast):
    assert reverse("takeouts") in head.get(reverse("office_settings")).content.decode()
    client.force_login(cast.user("billing"), backend="teikyaku.accounts.backends.EmailBackend")
    assert reverse("takeouts") not in client.get(reverse("office_settings")).content.decode()
