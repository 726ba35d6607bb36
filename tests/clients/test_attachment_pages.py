"""Papers on their pages: who sees them, how they are served, what a refused file costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.actions.attachment import withdraw_attachment
from clients.actions.client import open_enrolment
from clients.models import Attachment
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.papers import attached, pdf, photo, scan, upload

FILES = ("attachment_file", "attachment_picture", "attachment_thumbnail")
PAGES = ("attachment_page", *FILES)


def url_of(name, paper):
    return reverse(name, args=[paper.public_id])


def statuses(client, paper, names=PAGES):
    return {client.get(url_of(name, paper)).status_code for name in names}


def new_url(cast):
    return reverse("attachment_new", args=[cast.enrolment.public_id])


def list_url(cast):
    return reverse("attachment_list", args=[cast.enrolment.client.public_id])


def whole_list(client, cast):
    return client.get(list_url(cast)).content.decode()


def brief_list(client, cast):
    """As the client page fetches it into itself."""
    part = client.get(list_url(cast), headers={"X-Part": "1"}).content.decode()
    assert "<html" not in part
    return part


def body(cast, *files, **changed):
    facts = {"kind": "consent", "dated_on": cast.today.isoformat(), "title": "原本"}
    return {**facts, **changed, "papers": list(files)}


def test_several_files_are_attached_at_once_and_stand_on_the_list(client, cast, papers_folder):
    enter(client, cast.members["worker"])
    assert "まだありません" in client.get(list_url(cast)).content.decode()
    answer = client.post(new_url(cast), body(cast, upload(), upload(pdf(2), "x.jpg")), follow=True)
    assert answer.redirect_chain
    kinds = set(Attachment.objects.values_list("content_type", "pages", "kind"))
    assert kinds == {("image/jpeg", 1, "consent"), ("application/pdf", 2, "consent")}
    text = answer.content.decode()
    assert "2個の書類を添付しました" in text
    assert "PDF（2ページ）" in text


def test_a_refused_file_costs_the_others_nothing_and_is_named(client, cast, papers_folder):
    enter(client, cast.members["worker"])
    sent = body(cast, upload(name="a.jpg"), upload(b"<script>", "b.jpg"))
    answer = client.post(new_url(cast), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "b.jpg：写真（JPEG・PNG・WebP）かPDFではありません。" in text
    assert "a.jpg" not in text
    assert 'value="原本"' in text
    assert Attachment.objects.count() == 1


def test_a_wrong_day_does_not_cost_the_photo_and_all_that_is_wrong_is_said_at_once(
    client, cast, papers_folder
):
    enter(client, cast.members["worker"])
    ahead = (cast.today + timedelta(days=1)).isoformat()
    files = (upload(name="a.jpg"), upload(b"<script>", "b.jpg"))
    answer = client.post(new_url(cast), body(cast, *files, dated_on=ahead))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "まだ来ていない日付です" in text
    assert "b.jpg：写真（JPEG・PNG・WebP）かPDFではありません。" in text
    assert "1個お預かりしています" in text
    paper = Attachment.objects.get()
    assert (paper.kind, paper.dated_on, paper.title) == ("consent", None, "")
    assert f'name="held" value="{paper.public_id}"' in text
    again = client.post(new_url(cast), {**body(cast), "held": [str(paper.public_id)]})
    assert again.url == url_of("attachment_page", paper)
    paper.refresh_from_db()
    assert (paper.kind, paper.dated_on, paper.title) == ("consent", cast.today, "原本")


def test_the_same_photo_sent_again_after_going_back_is_the_one_that_waits(
    client, cast, papers_folder
):
    enter(client, cast.members["worker"])
    client.post(new_url(cast), body(cast, upload(), kind="", dated_on="きのうごろ"))
    assert Attachment.objects.get().kind == "other"
    assert client.post(new_url(cast), body(cast, upload())).status_code == 302
    paper = Attachment.objects.get()
    assert (paper.kind, paper.dated_on) == ("consent", cast.today)


def test_only_ones_own_papers_without_a_day_are_completed(client, cast, papers_folder):
    enter(client, cast.members["worker"])
    dated = attached(cast)
    other = attached(cast, by=cast.members["manager"], mark="2", dated_on=None)
    named = {"held": [str(dated.public_id), str(other.public_id), "x"]}
    answer = client.post(new_url(cast), {**body(cast, title="別"), **named})
    assert answer.status_code == 422
    assert set(Attachment.objects.values_list("title", flat=True)) == {dated.title, other.title}


def test_a_day_without_its_year_is_the_last_one(client, cast, papers_folder):
    enter(client, cast.members["worker"])
    day = cast.today - timedelta(days=6)
    client.post(new_url(cast), body(cast, upload(), dated_on=f"{day.month}/{day.day}"))
    assert Attachment.objects.get().dated_on == day


def test_the_limit_is_told_before_and_after(client, cast, settings):
    settings.ATTACHMENT_MOST_BYTES = 2048
    enter(client, cast.members["worker"])
    assert "1つ2KBまで" in client.get(new_url(cast)).content.decode()
    noisy = photo("PNG") + bytes(3000)
    told = client.post(new_url(cast), body(cast, upload(noisy, "a.png"))).content.decode()
    assert "a.png：大きすぎます（" in told
    eleven = [upload(name=f"{number}.jpg") for number in range(11)]
    assert "一度に10個まで" in client.post(new_url(cast), body(cast, *eleven)).content.decode()


def test_a_file_is_served_closed_in_and_its_reading_is_on_the_record(client, cast):
    paper = attached(cast)
    enter(client, cast.members["worker"])
    before = AuditEvent.objects.filter(outcome="read", subject_id=paper.public_id).count()
    answer = client.get(url_of("attachment_file", paper))
    assert answer.getvalue()[:3] == b"\xff\xd8\xff"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    assert answer["Cache-Control"] == "private, no-store"
    assert "試験" not in answer["Content-Disposition"]
    reads = AuditEvent.objects.filter(outcome="read", subject_id=paper.public_id)
    assert reads.count() == before + 1
    assert reads.latest("pk").person_id == cast.enrolment.client.public_id


def test_no_public_address_leads_to_the_bytes(client, cast):
    paper = attached(cast)
    enter(client, cast.members["worker"])
    for address in (
        f"/media/{paper.file.name}",
        f"/{paper.file.name}",
        f"/static/{paper.file.name}",
    ):
        assert client.get(address).status_code == 404


def test_the_client_page_leads_to_the_papers_and_fetches_the_newest(client, cast):
    papers = [attached(cast, mark=str(number)) for number in range(5)]
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    assert f'data-part="{list_url(cast)}"' in page.content.decode()
    before = AuditEvent.objects.count()
    part = brief_list(client, cast)
    assert AuditEvent.objects.count() == before
    assert sum(str(paper.public_id) in part for paper in papers) == 4
    enter(client, cast.members["outsider"])
    assert client.get(list_url(cast), headers={"X-Part": "1"}).status_code == 404


def test_nobody_else_gets_near(client, cast):
    paper = attached(cast)
    for key in ("outsider", "officer", "other_officer", "city", "admin", "gone"):
        enter(client, cast.members[key])
        assert statuses(client, paper) <= {403, 404}, key
    enter(client, cast.members["outsider"])
    assert statuses(client, paper) == {404}
    client.logout()
    assert statuses(client, paper) == {302}


def test_another_office_of_the_same_person_has_papers_of_its_own(client, cast):
    paper = attached(cast)
    theirs = open_enrolment(
        client=cast.enrolment.client, office=cast.other_office, starts_on=cast.today,
        by=cast.members["outsider"], at=at_noon(cast.today),
    )  # fmt: skip
    own = attached(cast, theirs, by=cast.members["outsider"], title="うちの紙")
    enter(client, cast.members["outsider"])
    assert statuses(client, paper) == {404}
    assert statuses(client, own) == {200}
    for text in (whole_list(client, cast), brief_list(client, cast)):
        assert "うちの紙" in text
        assert str(paper.public_id) not in text
    enter(client, cast.members["worker"])
    assert statuses(client, own) == {404}


def test_after_the_end_it_is_read_and_no_longer_written(client, cast):
    paper = attached(cast)
    cast.enrolment.ends_on, cast.enrolment.end_reason = cast.today - timedelta(days=1), "moved"
    cast.enrolment.save()
    enter(client, cast.members["worker"])
    assert statuses(client, paper) == {200}
    for name in ("attachment_correct", "attachment_withdraw", "attachment_link"):
        assert client.get(url_of(name, paper)).status_code == 404
    assert client.get(new_url(cast)).status_code == 404
    assert "書類を添付する" not in client.get(list_url(cast)).content.decode()


@pytest.mark.parametrize("kind", ["support_plan", "handbook", "other"])
def test_who_may_not_read_interviews_does_not_read_plans(client, cast, kind):
    plan, certificate = attached(cast, kind=kind), attached(cast, mark="2")
    enter(client, cast.members["billing"])
    assert statuses(client, plan) == {404}
    assert statuses(client, certificate) == {200}
    for text in (whole_list(client, cast), brief_list(client, cast)):
        assert str(certificate.public_id) in text
        assert str(plan.public_id) not in text


def test_where_an_address_is_protected_papers_are_shown_to_who_may_see_it(client, cast):
    paper = attached(cast)
    cast.enrolment.client.residences.create(
        municipality=cast.wards[0], address="どこか", starts_on=cast.today, is_protected=True,
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    thumbnail = url_of("attachment_thumbnail", paper)
    enter(client, cast.members["worker"])
    assert statuses(client, paper, FILES) == {403}
    page = client.get(url_of("attachment_page", paper)).content.decode()
    assert url_of("attachment_picture", paper) not in page
    for text in (whole_list(client, cast), brief_list(client, cast)):
        assert str(paper.public_id) in text
        assert thumbnail not in text
    enter(client, cast.members["manager"])
    assert statuses(client, paper, FILES) == {200}
    assert thumbnail in brief_list(client, cast)


def test_a_paper_that_was_taken_back_is_a_line_and_nothing_else(client, cast):
    paper = attached(cast)
    enter(client, cast.members["worker"])
    url = url_of("attachment_withdraw", paper)
    assert "元に戻せません" in client.get(url).content.decode()
    client.post(url, {"reason": "別の方の書類"})
    assert statuses(client, paper) == {404}
    text = client.get(list_url(cast)).content.decode()
    assert "別の方の書類" in text
    assert str(paper.public_id) not in text


def test_a_lost_file_is_404_and_not_a_fault(client, cast, papers_folder):
    paper = attached(cast)
    (papers_folder / paper.file.name).unlink()
    enter(client, cast.members["worker"])
    assert client.get(url_of("attachment_file", paper)).status_code == 404
    assert client.get(url_of("attachment_page", paper)).status_code == 200


def test_the_list_is_filtered_and_costs_the_same_for_many(client, cast):
    attached(cast)
    enter(client, cast.members["worker"])
    client.get(list_url(cast))
    with CaptureQueriesContext(connection) as one:
        client.get(list_url(cast))
    consent, later = attached(cast, kind="consent", mark="2"), attached(cast, mark="3")
    withdraw_attachment(
        attachment=later, reason="間違い", by=cast.members["worker"], at=at_noon(cast.today)
    )
    with CaptureQueriesContext(connection) as three:
        client.get(list_url(cast))
    assert len(three) == len(one)
    only = client.get(list_url(cast) + "?kind=consent").context["page"].object_list
    assert list(only) == [consent]
    assert (
        "この条件の書類はありません"
        in client.get(list_url(cast) + "?kind=handbook").content.decode()
    )
    everything = client.get(list_url(cast) + "?kind=nonsense&state=nonsense").context["page"]
    assert everything.paginator.count == 2


def test_a_scan_for_a_pdf_shows_its_first_page(client, cast):
    paper = attached(cast)
    document = scan(pdf(2))
    assert document.pages == 2
    enter(client, cast.members["worker"])
    client.post(new_url(cast), body(cast, upload(pdf(2), "a.pdf")))
    stored = Attachment.objects.exclude(pk=paper.pk).get()
    picture = client.get(url_of("attachment_picture", stored))
    assert (picture["Content-Type"], picture.getvalue()[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    whole = client.get(url_of("attachment_file", stored))
    assert (whole["Content-Type"], whole.getvalue()[:5]) == ("application/pdf", b"%PDF-")


def test_an_empty_request_is_told_what_is_missing(client, cast):
    enter(client, cast.members["worker"])
    answer = client.post(new_url(cast), "", content_type="text/plain")
    assert answer.status_code == 422
    assert {"papers", "kind"} <= set(answer.context["form"].errors)
