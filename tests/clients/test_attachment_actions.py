"""Papers: no file without a row, no row without a file, no change, no way back from erasing."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import ProtectedError

from clients.actions import attachment as actions
from clients.models import Attachment, Consent, Enrolment, FileToErase
from clients.queries.attachment import chosen_papers, orphans
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon, now
from teikyaku.desk.actions.erase import erase_file
from teikyaku.frozen import FrozenRowError
from teikyaku.scans import store
from tests.access.keeping import long_gone
from tests.papers import attached, pdf, scan


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def who(cast, key="worker"):
    return {"by": cast.members[key], "at": at_noon(cast.today)}


def test_a_paper_is_kept_with_its_facts_and_on_the_record(cast, papers_folder):
    paper = attached(cast, title=" 更新後 ")
    assert paper.title == "更新後"
    assert (papers_folder / paper.file.name).stat().st_size == paper.size
    assert store.digest_of(paper.file.name) == paper.sha256
    assert len(files(papers_folder)) == 2  # the picture and its thumbnail
    line = AuditEvent.objects.get(subject_id=paper.public_id)
    assert (line.verb, line.person_id) == ("paper_attached", cast.enrolment.client.public_id)
    assert "試験" not in "".join(map(str, files(papers_folder)))


def test_a_failed_save_leaves_no_file(cast, papers_folder):
    with pytest.raises(ValidationError):
        attached(cast, kind="nonsense")
    with pytest.raises(ValidationError):
        attached(cast, dated_on=cast.today + timedelta(days=1))
    assert files(papers_folder) == []


def test_a_crash_while_storing_the_parts_leaves_none_of_them(cast, papers_folder, monkeypatch):
    real, written = store.write, []

    def fails_at_the_second(body, ending):
        if written:
            raise OSError("disk full")
        written.append(real(body, ending))
        return written[0]

    monkeypatch.setattr(store, "write", fails_at_the_second)
    with pytest.raises(OSError, match="disk full"):
        attached(cast)
    assert written
    assert files(papers_folder) == []
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_another_transaction_around_it_is_refused(cast, papers_folder):
    """Its end could undo the row after the file was written."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        attached(cast)
    assert files(papers_folder) == []
    # A refusal by the database, after the file was written.
    attached(cast)
    before = files(papers_folder)
    with pytest.raises(ValidationError, match="同じファイル"):
        attached(cast)
    assert files(papers_folder) == before


def test_the_same_file_may_come_again_once_it_was_taken_back(cast):
    first = attached(cast)
    actions.withdraw_attachment(attachment=first, reason="ぼやけた", **who(cast))
    assert attached(cast).sha256 == first.sha256


def test_the_content_is_frozen_and_the_facts_are_corrected_with_a_reason(cast):
    paper = Attachment.objects.get(pk=attached(cast).pk)
    paper.sha256 = "0" * 64
    with pytest.raises(FrozenRowError):
        paper.save()
    paper.refresh_from_db()
    with pytest.raises(ValueError, match="frozen"):
        actions.correct_attachment(attachment=paper, changes={"size": 1}, reason="x", **who(cast))
    with pytest.raises(ValidationError):
        actions.correct_attachment(
            attachment=paper, changes={"kind": "consent"}, reason=" ", **who(cast)
        )
    actions.correct_attachment(
        attachment=paper, changes={"kind": "consent"}, reason="選び間違い", **who(cast)
    )
    assert Attachment.objects.get().kind == "consent"
    newest, oldest = paper.history_rows.order_by("-pk")
    assert (oldest.kind, newest.history_change_reason) == ("certificate", "選び間違い")


def test_taken_back_the_bytes_are_gone_and_the_row_says_why(
    cast, papers_folder, django_capture_on_commit_callbacks
):
    paper = attached(cast, title="山田さんの証")
    with pytest.raises(ValidationError):
        actions.withdraw_attachment(attachment=paper, reason=" ", **who(cast))
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_attachment(attachment=paper, reason="別の方の書類", **who(cast))
        assert len(files(papers_folder)) == 2  # not before it is certain
    assert files(papers_folder) == []
    paper.refresh_from_db()
    assert (paper.names, paper.title, paper.withdrawn_reason) == ((), "", "別の方の書類")
    assert paper.withdrawn_by == cast.members["worker"]
    assert AuditEvent.objects.filter(verb="paper_withdrawn", subject_id=paper.public_id).exists()
    with pytest.raises(ValidationError, match="すでに"):
        actions.withdraw_attachment(attachment=paper, reason="もう一度", **who(cast))


def test_a_paper_is_linked_once_and_takes_the_day_of_its_record(cast):
    consent = Consent.objects.get()
    paper = attached(cast, kind="consent", dated_on=None)
    for _time in (1, 2):
        if _time == 2:
            with pytest.raises(ValidationError, match="選び直して"):
                actions.link_attachments(
                    attachments=[paper], subject=consent, dated_on=None, **who(cast)
                )
            break
        actions.link_attachments(
            attachments=[paper], subject=consent, dated_on=consent.starts_on, **who(cast)
        )
    paper.refresh_from_db()
    assert (paper.subject_type, paper.subject_id) == ("consent", consent.public_id)
    assert paper.dated_on == consent.starts_on
    with pytest.raises(ValueError, match="not linked"):
        actions.link_attachments(
            attachments=[attached(cast, mark="2")], subject=cast.office, dated_on=None, **who(cast)
        )


def test_a_record_that_is_refused_links_nothing_and_a_lost_paper_stops_the_record(cast):
    paper = attached(cast, kind="consent")

    def refuse():
        raise ValidationError("no")

    with pytest.raises(ValidationError, match="no"):
        actions.record_from_papers(refuse, papers=[paper], dated_on=None, **who(cast))
    assert Attachment.objects.get().subject_id is None
    actions.withdraw_attachment(attachment=paper, reason="間違い", **who(cast))
    with pytest.raises(ValidationError, match="選び直して"):
        actions.record_from_papers(Consent.objects.get, papers=[paper], dated_on=None, **who(cast))


def test_erasing_a_person_erases_bytes_rows_and_history_of_this_office_alone(
    cast, papers_folder, django_capture_on_commit_callbacks
):
    person = cast.enrolment.client
    attached(cast)
    actions.attach_scan(
        enrolment=cast.enrolment, scan=scan(pdf()), kind="other", title="秘密", **who(cast)
    )
    other = attached(cast, cast.foreign, by=cast.members["outsider"])
    with pytest.raises(ProtectedError):
        cast.enrolment.delete()
    with django_capture_on_commit_callbacks(execute=True):
        count = actions.erase_attachments(client=person, office=cast.office, **who(cast, "head"))
    assert count == 2
    assert Attachment.objects.get() == other
    assert set(Attachment.history.values_list("id", flat=True)) == {other.pk}
    assert {str(path.relative_to(papers_folder)) for path in files(papers_folder)} == set(
        other.names
    )
    line = AuditEvent.objects.get(verb="papers_erased")
    assert (line.subject_id, line.membership) == (person.public_id, cast.members["head"])


def test_a_photographed_paper_goes_with_its_person(
    cast, papers_folder, django_capture_on_commit_callbacks
):
    """By the erasure itself, after the time of keeping: picture, thumbnail, row, history."""
    person = long_gone(cast)
    enrolment = Enrolment.objects.get(client=person)
    mine, other = attached(cast, enrolment, title="昔の写真"), attached(cast, mark="2")
    actions.correct_attachment(
        attachment=mine, changes={"title": "昔 の人の写真"}, reason="題名", **who(cast)
    )
    assert Attachment.history.filter(id=mine.pk).count() == 2
    assert len(files(papers_folder)) == 4
    with django_capture_on_commit_callbacks(execute=True):
        erase_file(client=person, office=cast.office, **who(cast, "head"))
    assert not Attachment.objects.filter(pk=mine.pk).exists()
    assert not Attachment.history.filter(id=mine.pk).exists()
    assert {str(path.relative_to(papers_folder)) for path in files(papers_folder)} == set(
        other.names
    )
    assert not FileToErase.objects.exists()
    assert AuditEvent.objects.filter(verb="papers_erased", subject_id=person.public_id).count() == 1


def test_only_what_is_free_and_of_the_person_can_be_chosen(cast):
    mine, theirs = attached(cast), attached(cast, cast.foreign, by=cast.members["outsider"])
    ids = [theirs.public_id, mine.public_id, mine.public_id]
    found = chosen_papers(Attachment.objects.all(), cast.enrolment.client_id, ids)
    assert found == [mine]


def check(*options):
    said = StringIO()
    call_command("check_attachments", *options, stdout=said)
    return said.getvalue()


def test_the_check_finds_what_is_missing_changed_or_left_over(cast, papers_folder):
    kept, lost = attached(cast), attached(cast, mark="2")
    assert "すべてそろっています" in check()
    (papers_folder / kept.file.name).write_bytes(b"other")
    (papers_folder / lost.thumbnail.name).unlink()
    with pytest.raises(CommandError, match="ファイルがない添付1件、中身が変わった添付1件"):
        check()


def test_the_check_erases_orphans_only_when_asked_and_only_old_ones(cast, papers_folder):
    kept, left = attached(cast), store.write(b"left", "jpg")
    assert orphans(now() - timedelta(hours=1)) == []
    with time_machine.travel(now() + timedelta(hours=2)):
        assert orphans(now() - timedelta(hours=1)) == [left]
        with pytest.raises(CommandError, match="記録のないファイル1個"):
            check()
        assert "1個消しました" in check("--fix")
    assert not (papers_folder / left).exists()
    assert (papers_folder / kept.file.name).exists()
