"""Support reports: frozen versions, consent per recipient and item, withdrawal, receipt, undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.queries.month import month_board
from clients.enums import ReportItem
from clients.models import Consent
from plans.actions.report import (
    Handing,
    drop_correction,
    give_consent,
    issue_version,
    withdraw_consent,
    write_report,
)
from plans.actions.report_share import record_receipt, take_back_share
from plans.models import Interview, ReportShare, SupportReport
from plans.queries.report import recipient_rows, shares_of
from plans.report_papers import going_of, paper
from teikyaku.frozen import FrozenRowError, digest
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet
from tests.plans.report_desk import SECRET, TEXTS, Desk
from tests.printing.test_documents import needs_pdftotext, text_of


@pytest.fixture
def desk(cast):
    return Desk(cast)


def test_an_issued_version_is_frozen_and_a_correction_is_the_next(desk):
    report = desk.write()
    first = desk.share(report)
    content = first.version.content
    assert content["texts"]["goals"] == TEXTS["goals"]
    assert digest(content) == first.version.digest
    with pytest.raises(FrozenRowError):
        first.version.save()
    with pytest.raises(ValidationError, match="変えられません"):
        desk.write(goals="ちがう目標")
    with pytest.raises(ValidationError, match="前の版と同じ"):
        desk.write(correction_reason="書き間違い")
    desk.write(goals="ちがう目標", correction_reason="書き間違い")
    second = desk.share(report, shared_on=desk.cast.today)
    assert (second.version.number, second.version.reason, second.earlier) == (2, "書き間違い", 1)
    first.version.refresh_from_db()
    assert first.version.content == content
    made = paper(second.version.content, going_of(second))
    assert made["replaces"] == {
        "number": content["number"], "issued_on": content["issued_on"], "note": "書き間違い",
    }  # fmt: skip


def test_who_never_had_the_old_version_is_told_of_no_correction(desk):
    report = desk.write()
    desk.share(report)
    desk.write(goals="ちがう目標", correction_reason="書き間違い")
    desk.consent()
    made = desk.share(report, "employer")
    assert made.version.number == 2
    assert paper(made.version.content, going_of(made))["replaces"] is None


def test_who_has_an_old_version_is_shown(desk):
    report = desk.write()
    desk.share(report)
    desk.write(goals="ちがう目標", correction_reason="書き間違い")
    report.refresh_from_db()
    rows = recipient_rows(desk.cast.enrolment, report, shares_of(report), desk.cast.today)
    person = rows[0]
    assert (person.recipient, person.has_version, person.is_behind) == ("person", 1, True)
    desk.share(report)
    report.refresh_from_db()
    rows = recipient_rows(desk.cast.enrolment, report, shares_of(report), desk.cast.today)
    assert (rows[0].has_version, rows[0].is_behind) == (2, False)


def test_a_correction_that_is_given_up_leaves_the_version_as_it_was(desk):
    report = desk.write()
    version = issue_version(report=report, **desk.who)
    desk.write(goals="ちがう目標", correction_reason="書き間違い")
    dropped = drop_correction(report=report, **desk.who)
    assert (dropped.goals, dropped.correction_reason) == (TEXTS["goals"], "")
    assert issue_version(report=report, **desk.who) == version
    with pytest.raises(ValidationError, match="ありません"):
        drop_correction(report=report, **desk.who)


def test_a_recipient_gets_the_items_of_the_consent_and_nothing_else(desk, client):
    report = desk.write()
    consent = desk.consent(items=["goals", "next_steps"])
    enter(client, desk.cast.members["worker"])
    preview = client.get(desk.url("report_share") + f"?to={consent.public_id}").content.decode()
    assert TEXTS["goals"] in preview
    assert SECRET not in preview
    made = desk.share(report, "employer")
    assert (made.items, made.consent) == (["goals", "next_steps"], consent)
    content = str(paper(made.version.content, going_of(made)))
    assert TEXTS["next_steps"] in content
    assert SECRET not in content
    assert "面談しました" not in content
    with pytest.raises(ValidationError, match="やさしい版には全部の項目"):
        desk.share(report, "employer", shared_on=desk.cast.today, handing=Handing(with_plain=True))


def test_a_consent_that_names_somebody_goes_before_one_for_the_kind(desk):
    report = desk.write()
    desk.consent("medical")
    desk.consent("medical", recipient_name="A病院", items=["result"])
    assert desk.share(report, "medical", recipient_name="Ａ病院").items == ["result"]
    other = desk.share(report, "medical", recipient_name="B病院")
    assert other.items == list(ReportItem.values)


def test_consents_for_other_scopes_give_no_report(desk):
    give_consent(
        enrolment=desk.cast.enrolment, recipient="centre", scope="handover",
        starts_on=desk.cast.enrolment.starts_on, **desk.who,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="同意がありません"):
        desk.share(desk.write(), "centre")


def test_items_belong_to_a_reports_consent(desk):
    with pytest.raises(ValidationError, match="支援レポートの同意だけ"):
        give_consent(
            enrolment=desk.cast.enrolment, recipient="centre", scope="contact",
            items=["goals"], starts_on=desk.cast.today, **desk.who,
        )  # fmt: skip


def test_from_the_day_of_the_withdrawal_nothing_goes_and_what_went_stays(desk, client):
    report, yesterday = desk.write(), desk.cast.today - timedelta(days=1)
    if yesterday < report.month:
        report = SupportReport.objects.filter(enrolment=desk.cast.enrolment).order_by("-month")[1]
    consent = desk.consent()
    kept = desk.share(report, "employer", shared_on=yesterday)
    withdraw_consent(consent=consent, on=desk.cast.today, **desk.who)
    with pytest.raises(ValidationError, match="同意がありません"):
        desk.share(report, "employer", shared_on=desk.cast.today)
    assert desk.share(report, "employer", recipient_name="元の職場", shared_on=yesterday).pk, (
        "handed over in time, recorded late"
    )
    assert ReportShare.objects.filter(pk=kept.pk, taken_back_at=None).exists()
    with pytest.raises(ValidationError, match="もう撤回"):
        withdraw_consent(consent=consent, on=desk.cast.today, **desk.who)
    enter(client, desk.cast.members["worker"])
    page = client.get(desk.url("report_share") + f"?to={consent.public_id}")
    assert "渡せません" in page.content.decode()
    assert "form" not in page.context


@needs_pdftotext
def test_a_copy_of_what_may_not_go_any_more_says_so(desk, client):
    report, yesterday = desk.write(), desk.cast.today - timedelta(days=1)
    consent = desk.consent()
    share = desk.share(report, "employer", shared_on=max(yesterday, report.month))
    url = reverse("share_pdf", args=[share.public_id])
    enter(client, desk.cast.members["worker"])
    assert "渡しません" not in text_of(client.get(url).content)
    withdraw_consent(consent=consent, on=desk.cast.today, **desk.who)
    assert "同意は終わっています。渡しません" in text_of(client.get(url).content)


def test_a_consent_withdrawn_on_its_own_day_never_held(desk):
    consent = desk.consent(starts_on=desk.cast.today)
    withdraw_consent(consent=consent, on=desk.cast.today, **desk.who)
    assert not Consent.objects.given(desk.cast.today).filter(pk=consent.pk).exists()
    with pytest.raises(ValidationError, match="同意した日以後"):
        withdraw_consent(
            consent=desk.consent("family", starts_on=desk.cast.today),
            on=desk.cast.today - timedelta(days=1), **desk.who,
        )  # fmt: skip


def test_after_a_death_nothing_goes_to_anybody(desk, client):
    report = desk.write()
    person = desk.cast.enrolment.client
    before = desk.cast.today - timedelta(days=1)
    type(person).objects.filter(pk=person.pk).update(died_on=before)
    report.enrolment.client.refresh_from_db()
    with pytest.raises(ValidationError, match="亡くなった"):
        desk.share(report)
    with pytest.raises(ValidationError, match="亡くなった方"):
        issue_version(report=report, **desk.who)
    enter(client, desk.cast.members["worker"])
    assert "亡くなった方" in client.get(desk.url("report_share")).content.decode()
    assert client.get(desk.url("report_pdf")).status_code == 302


def test_a_share_taken_back_holds_the_month_again_and_stays_on_file(desk):
    last = Month.of(desk.cast.today) - 1
    office, today = desk.cast.office, desk.cast.today
    share = ReportShare.objects.get(
        report__enrolment=desk.cast.enrolment, report__month=last.first_day
    )
    assert len(month_board(office, last, today).ready) == 1
    take_back_share(share=share, reason="別の人に渡していた", **desk.who)
    board = month_board(office, last, today)
    assert (len(board.ready), len(board.held)) == (0, 1)
    share.refresh_from_db()
    assert share.taken_back_reason == "別の人に渡していた"
    with pytest.raises(ValidationError, match="もう取り消"):
        take_back_share(share=share, reason="もう一度", **desk.who)
    with pytest.raises(ValidationError, match="もう取り消"):
        record_receipt(
            share=share, received_on=today, received_how="seen", received_from="", **desk.who
        )
    again = desk.share(share.report, shared_on=share.shared_on)
    assert again.pk != share.pk
    assert len(month_board(office, last, today).ready) == 1


def test_a_correction_leaves_the_first_day_on_which_the_month_was_earned(desk):
    last = Month.of(desk.cast.today) - 1
    report = SupportReport.objects.get(enrolment=desk.cast.enrolment, month=last.first_day)
    first = report.shares.get().shared_on
    write_report(
        enrolment=desk.cast.enrolment, month=last.first_day, **{**TEXTS, "goals": "直した"},
        correction_reason="書き間違い", **desk.who,
    )  # fmt: skip
    desk.share(report)
    (entry,) = month_board(desk.cast.office, last, desk.cast.today).ready
    assert entry.support.facts.report_shared_on == first


def test_taking_back_a_closed_month_is_asked_and_changes_nothing_there(desk, client):
    closed = desk.cast.person_month
    share = ReportShare.objects.get(
        report__enrolment=desk.cast.enrolment, report__month=closed.month
    )
    enter(client, desk.cast.members["worker"])
    url = reverse("share_take_back", args=[share.public_id])
    page = client.get(url).content.decode()
    assert "請求は締めてあります" in page
    assert client.post(url, {"reason": "誤り"}).status_code == 422
    before = closed.units
    assert client.post(url, {"reason": "誤り", "is_known": "on"}).status_code == 302
    closed.refresh_from_db()
    assert closed.units == before
    share.refresh_from_db()
    assert share.taken_back_at is not None


def test_receipt_later_and_corrected(desk, client):
    share = desk.share(desk.write())
    enter(client, desk.cast.members["worker"])
    url = reverse("share_receipt", args=[share.public_id])
    early = desk.cast.today - timedelta(days=40)
    body = {"received_on": early.isoformat(), "received_how": "phone", "received_from": "母"}
    answer = client.post(url, body)
    assert answer.status_code == 422
    assert "共有した日以後" in answer.content.decode()
    assert client.post(url, {**body, "received_on": desk.cast.today}).status_code == 302
    share.refresh_from_db()
    assert (share.received_how, share.received_from) == ("phone", "母")
    assert share.receipt_by == desk.cast.members["worker"]


def test_handed_over_and_seen_is_one_step(desk):
    share = desk.share(desk.write(), handing=Handing(is_received=True))
    assert (share.received_on, share.received_how) == (share.shared_on, "seen")


def test_a_character_without_a_shape_is_named_with_its_place(desk):
    with pytest.raises(ValidationError, match="結果・様子の😀"):
        desk.share(desk.write(result="元気😀"))
    assert desk.share(desk.write(result="髙橋﨑子𠮷")).pk


def test_two_who_write_do_not_write_over_each_other(desk):
    report = desk.write(seen=0)
    desk.write(goals="先に保存", seen=report.revision)
    with pytest.raises(ValidationError, match="ほかの人が"):
        desk.write(goals="あとから", seen=report.revision)
    report.refresh_from_db()
    assert report.goals == "先に保存"


def test_the_first_text_comes_from_the_records_and_notes_are_put_in(desk, client):
    enter(client, desk.cast.members["worker"])
    url = desk.url("report_write")
    page = client.get(url)
    assert page.context["form"]["goals"].value().startswith("通う")
    source = next(
        line
        for each in page.context["sources"]
        for line in each.lines
        if line.key == "plan:support"
    )
    typed = dict.fromkeys(TEXTS, "書いた") | {"insert": source.key, "revision": "0"}
    again = client.post(url, typed)
    assert again.status_code == 200
    assert again.context["form"]["roles"].value() == f"書いた\n{source.text}"
    assert again.context["form"]["done"].value() == "書いた"
    assert not SupportReport.objects.filter(
        enrolment=desk.cast.enrolment, month=desk.month.first_day
    ).exists(), "putting a note in saves nothing"


def test_an_outsider_finds_no_share(desk, client):
    share = desk.share(desk.write())
    enter(client, desk.cast.members["outsider"])
    for name in ("share_pdf", "share_receipt", "share_take_back"):
        assert client.get(reverse(name, args=[share.public_id])).status_code == 404
    printed = client.post(
        reverse("report_print", args=[desk.month]), {"report": share.report.public_id}
    )
    assert printed.status_code == 302, "nothing of another office is printed"


@needs_pdftotext
def test_preview_and_what_went_are_the_same_paper(desk, client):
    desk.write()
    enter(client, desk.cast.members["worker"])
    draft = text_of(client.get(desk.url("report_pdf")).content)
    assert "案（未発行）" in draft
    body = {"shared_on": desk.cast.today.isoformat(), "way": "handed", "with_plain": "on"}
    assert client.post(desk.url("report_share"), body).status_code == 302
    share = ReportShare.objects.latest("pk")
    went = text_of(client.get(reverse("share_pdf", args=[share.public_id])).content)
    # Up to the foot of the page: with the plain version there are two.
    shown = draft.replace("案（未発行）", "").split("ひなた1/")[0]
    assert went.startswith(shown)
    assert SECRET in went
    assert "さとう" in went, "the reading stands above its word"
    assert "《" not in went
    kept = text_of(client.get(desk.url("report_file_pdf", 1)).content)
    assert "このレポートの共有先" in kept


def test_nobody_had_a_report_before_the_first_meeting_that_it_tells_of(desk):
    """Such a share earns no month, and every list of the worker would say that it is done."""
    desk.month = Month.of(desk.cast.today) - 1
    Interview.objects.filter(enrolment=desk.cast.enrolment).delete()
    day = desk.month.first_day.replace(day=22)
    for met_on in (day, day + timedelta(days=3)):
        meet(desk.cast.enrolment, desk.cast.members["worker"], met_on)
    report = desk.write(correction_reason="面談を書き直した")
    with pytest.raises(ValidationError) as refused:
        desk.share(report, shared_on=day - timedelta(days=1))
    assert "22日" in refused.value.message_dict["shared_on"][0]
    before = report.shares.count()
    desk.share(report, shared_on=day)
    assert report.shares.count() == before + 1
