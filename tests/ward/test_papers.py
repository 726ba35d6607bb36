"""The ward's certificate and letters: what stands on them, whose they are, that they stay as they were."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import ClientName, Residence
from plans.actions import caps
from plans.actions import certificate as certificates
from plans.actions.correction import DecisionFacts, correct_decision
from plans.models import Decision, PaperSetting, WardPaper
from plans.queries.ward_papers import caps_on_paper, latest_paper
from teikyaku.accounts.models import AuditEvent, IssuedDocument
from teikyaku.clock import at_noon
from teikyaku.era import wareki, wareki_month
from teikyaku.frozen import FrozenRowError, digest
from teikyaku.periods import Month, day_before
from tests.accounts.test_coming_and_going import enter
from tests.cast import LONG_AGO
from tests.printing.test_documents import assert_in_order, needs_pdftotext, text_of

pytestmark = needs_pdftotext
REFUSED = 422


def url(name, row):
    return reverse(f"admin:{name}", args=[row.public_id])


def certificate_of(counter, **changes):
    """A version of a fresh decision's certificate, on the day it was granted."""
    return counter.granted(**changes).decision.certificates.get()


def printed(client, certificate):
    """The text of the certificate's PDF, made by the button of the decision's page, opened from it."""
    answer = client.post(url("certificate_issue", certificate))
    assert answer.url == url("decision_page", certificate.decision)
    paper = latest_paper(certificate)
    if paper is None:
        return ""
    answer = client.get(url("ward_paper_pdf", paper))
    assert answer["Content-Type"] == "application/pdf"
    return text_of(answer.content)


def settle(counter, **facts):
    setting, _new = PaperSetting.objects.get_or_create(
        municipality=counter.cast.wards[2],
        defaults={"recorded_by": counter.officer, "recorded_at": counter.who["at"]},
    )
    for name, value in facts.items():
        setattr(setting, name, value)
    setting.save()


def letter(client, counter, name, row, **facts):
    return client.post(url(name, row), {"issued_on": counter.on.isoformat(), **facts})


def latest_text(client, kind):
    paper = WardPaper.objects.filter(kind=kind).latest("pk")
    return text_of(client.get(url("ward_paper_pdf", paper)).content)


# --- The certificate --------------------------------------------------------------------------------


def test_the_certificate_shows_its_faces_in_order_and_is_a_copy(client, counter):
    row = certificate_of(counter, name="髙橋 𠮷朗", kana="たかはし よしろう")
    known = {"kind": "intellectual", "starts_on": LONG_AGO.isoformat()}
    assert client.post(url("decision_disability_new", row.decision), known).status_code == 302
    assert "知的" in client.get(url("decision_page", row.decision)).content.decode()
    text = printed(client, row)
    assert "控" in text
    assert "受給者証そのものではありません" in text
    assert_in_order(
        text, "一支給決定を受けた方", "1234567899", "新潟市中央区架空町2", "たかはしよしろう",
        "髙橋𠮷朗", "知的", wareki(row.issued_on), "新潟市中央区", "二訓練等給付費",
        "就労定着支援", f"{wareki(row.decision.starts_on)}から{wareki(row.decision.ends_on)}まで",
        "三計画相談支援", "四利用者負担", "9,300円", wareki_month(Month.of(counter.on)), "非該当",
        "五事業者記入欄",
    )  # fmt: skip


def test_a_paper_that_the_ward_seals_is_no_copy(client, counter):
    settle(counter, seals_certificate=True)
    text = printed(client, certificate_of(counter))
    assert "控" not in text
    assert "公印" in text


def test_the_telephone_number_of_the_window_stands_on_certificate_and_letter(client, counter):
    settle(counter, phone="025-111-2222")
    row = certificate_of(counter)
    assert "025-111-2222" in printed(client, row)
    assert letter(client, counter, "decision_grant_notice", row.decision).status_code == 302
    assert "025-111-2222" in latest_text(client, "grant_notice")


def test_what_no_longer_holds_is_not_sealed(client, counter):
    settle(counter, seals_certificate=True, signer="見本市長")
    row = certificate_of(counter)
    assert "見本市長" in printed(client, row)
    certificates.issue_certificate(
        decision=row.decision, reason="紛失", **counter.who,
        paper=certificates.Paper("1234567899", counter.on, counter.on, kind="reissue"),
    )  # fmt: skip
    text = printed(client, row)
    assert "公印" not in text
    assert "旧版" in text


def test_it_is_made_once_and_stays_as_it_was(client, counter):
    row = certificate_of(counter)
    text = printed(client, row)
    paper = WardPaper.objects.get(certificate=row)
    assert digest(paper.document.content) == paper.document.digest
    ClientName.objects.filter(client=row.decision.client).update(name="別の 名前")
    later = printed(client, row)
    assert "窓口花子" in later
    assert "別の名前" not in later
    # The text stays; that the record says otherwise now is told above it.
    assert "旧版" in later
    assert "旧版" not in text
    assert WardPaper.objects.filter(certificate=row).count() == 1
    with pytest.raises(FrozenRowError):
        paper.save()
    lines = AuditEvent.objects.filter(subject_type="wardpaper", person_id=paper.document.person_id)
    assert lines.filter(verb="ward_paper_issued", user=counter.officer.user).count() == 1
    assert lines.filter(verb="read").count() == 2
    page = client.get(url("decision_page", row.decision)).content.decode()
    assert paper.document.number in page
    assert "受給者証を開く" in page


def test_it_is_made_again_only_when_something_else_stands_on_it(client, counter):
    row = certificate_of(counter)
    printed(client, row)
    again = url("certificate_remake", row)
    answer = client.post(again, {"reason": "念のため"})
    assert answer.status_code == REFUSED
    assert "前のPDFと同じ" in str(answer.context["form"].errors)
    ClientName.objects.filter(client=row.decision.client).update(name="正しい 名前")
    assert client.post(again, {"reason": "漢字の書き間違い"}).status_code == 302
    first, second = WardPaper.objects.filter(certificate=row)
    assert second.document.replaces == first.document
    new = text_of(client.get(url("ward_paper_pdf", second)).content)
    assert "正しい名前" in new
    old = text_of(client.get(url("ward_paper_pdf", first)).content)
    assert "窓口花子" in old
    assert f"No.{second.document.number}により訂正されました" in old
    page = client.get(url("decision_page", row.decision)).content.decode()
    assert first.document.number in page


def test_every_version_shows_the_caps_of_its_own_time(client, counter):
    first = certificate_of(counter)
    decision, later = first.decision, Month.of(counter.on) + 2
    tomorrow = at_noon(counter.on + timedelta(days=1))
    who = {"by": counter.officer, "at": tomorrow}
    caps.add_cap_period(
        client=decision.client, municipality=decision.municipality,
        cap=certificates.Cap(later.first_day, None, "low_income", 0), **who,
    )  # fmt: skip
    page = client.get(url("decision_page", decision)).content.decode()
    assert "いまの受給者証のあとで決まっています" in page
    second = certificates.issue_certificate(
        decision=decision, reason="負担上限月額の変更", **who,
        paper=certificates.Paper("1234567899", counter.on, later.first_day, kind="change"),
    )  # fmt: skip
    page = client.get(url("decision_page", decision)).content.decode()
    assert "いまの受給者証のあとで決まっています" not in page
    # Printed only now, the old one shows what held when it was issued: no end, no newer cap.
    (old,) = caps_on_paper(first)
    assert (old.cap_yen, old.last_month) == (9300, None)
    text = printed(client, first)
    assert "新しい受給者証" in text
    assert "低所得" not in text
    new = printed(client, second)
    assert "変更：負担上限月額の変更" in new
    assert "低所得" in new
    assert "9,300円" not in new
    assert "新しい受給者証" not in new


def test_a_corrected_cap_stands_corrected_on_a_new_print(client, counter):
    row = certificate_of(counter)
    printed(client, row)
    cap = row.decision.client.cap_periods.get()
    cap.cap_yen, cap.category = 0, "low_income"
    cap._history_date = at_noon(counter.on + timedelta(days=3))
    cap._change_reason = "書き間違い"
    cap.save()
    assert [each.cap_yen for each in caps_on_paper(row)] == [0]
    assert client.post(url("certificate_remake", row), {"reason": "額"}).status_code == 302


def test_a_revoked_decision_says_so_on_its_paper(client, counter):
    row = certificate_of(counter)
    printed(client, row)
    end = {"looked": "yes", "revoked_on": counter.on.isoformat(), "reason": "転出"}
    assert client.post(url("decision_revoke", row.decision), end).status_code == 302
    text = printed(client, row)
    assert "取り消されました" in text
    assert wareki(row.decision.granted_until) in text


def test_a_protected_address_is_on_no_paper(client, counter):
    row = certificate_of(counter)
    Residence.objects.filter(client=row.decision.client).update(is_protected=True)
    text = printed(client, row)
    assert "架空町" not in text
    assert "（表示しません）" in text
    letter(client, counter, "decision_grant_notice", row.decision)
    assert "架空町" not in latest_text(client, "grant_notice")
    assert not [d for d in IssuedDocument.objects.all() if "架空町" in str(d.content)]


def test_characters_that_cannot_be_printed_are_told(client, counter):
    row = certificate_of(counter, name="\ue000 花子")
    answer = client.post(url("certificate_issue", row), follow=True)
    assert "印刷できない文字" in answer.content.decode()
    assert not WardPaper.objects.filter(certificate=row).exists()


# --- Letters ----------------------------------------------------------------------------------------


def test_the_grant_is_told_with_its_rights_as_a_draft_until_the_ward_confirmed_them(
    client, counter
):
    row = counter.granted()
    assert letter(client, counter, "decision_grant_notice", row.decision).status_code == 302
    text = latest_text(client, "grant_notice")
    assert_in_order(
        text, "案", "新潟市中央区架空町2", "窓口花子様", "支給決定通知書", "案です", "1234567899",
        f"{wareki(row.decision.starts_on)}から", "9,300円", "不服があるとき", "3か月以内",
        "都道府県知事", "1年", "6か月以内", "新潟市を被告として",
    )  # fmt: skip
    form = client.get(url("decision_grant_notice", row.decision))
    assert "大阪府" in form.content.decode(), "the figures say where they come from"
    settle(counter, rights_text="区で確かめた教示です。", is_rights_confirmed=True)
    # A draft was nobody's paper: its successor corrects nothing and asks for no reason.
    assert letter(client, counter, "decision_grant_notice", row.decision).status_code == 302
    text = latest_text(client, "grant_notice")
    assert "区で確かめた教示です。" in text
    assert "案" not in text.replace("ご案内", "")
    assert "訂正" not in text
    # The next one does.
    answer = letter(client, counter, "decision_grant_notice", row.decision)
    assert answer.status_code == REFUSED
    assert "reason" in answer.context["form"].errors
    again = {"reason": "宛先の誤り", "to_name": "後見 一郎", "to_address": "見本町1"}
    assert (
        letter(client, counter, "decision_grant_notice", row.decision, **again).status_code == 302
    )
    text = latest_text(client, "grant_notice")
    assert_in_order(text, "見本町1", "後見一郎様", "訂正", "宛先の誤り")
    assert "架空町2" not in text


def test_a_refusal_is_told_with_its_reason_and_rights(client, counter):
    row = counter.received()
    assert client.get(url("application_refusal_notice", row)).status_code == 302
    end = {"looked": "yes", "outcome": "refused", "outcome_on": counter.on.isoformat(),
           "reason": "対象のサービスを使っていないため。こあサポートに相談できます。"}  # fmt: skip
    assert client.post(url("application_end", row), end).status_code == 302
    page = client.get(url("application_page", row)).content.decode()
    assert "申請却下通知書を作る" in page
    early = {"issued_on": (counter.on - timedelta(days=1)).isoformat()}
    answer = client.post(url("application_refusal_notice", row), early)
    assert "issued_on" in answer.context["form"].errors
    assert letter(client, counter, "application_refusal_notice", row).status_code == 302
    assert_in_order(
        latest_text(client, "refusal_notice"), "申請却下通知書", wareki(row.received_on),
        "こあサポート", "就職の前に使っていた事業所", "不服があるとき", "審査請求",
    )  # fmt: skip


def test_a_withdrawal_gets_no_letter_of_refusal(client, counter):
    row = counter.received()
    end = {
        "looked": "yes",
        "outcome": "withdrawn",
        "outcome_on": counter.on.isoformat(),
        "reason": "希望",
    }
    assert client.post(url("application_end", row), end).status_code == 302
    assert client.get(url("application_refusal_notice", row)).status_code == 302
    assert letter(client, counter, "application_refusal_notice", row).status_code == 302
    assert not WardPaper.objects.exists()


def test_a_revocation_is_told(client, counter):
    decision = counter.granted().decision
    end = {"looked": "yes", "revoked_on": counter.on.isoformat(), "reason": "市外へ転出"}
    client.post(url("decision_revoke", decision), end)
    assert letter(client, counter, "decision_revocation_notice", decision).status_code == 302
    assert_in_order(
        latest_text(client, "revocation_notice"), "支給決定取消通知書",
        wareki(decision.granted_until), "利用できる最後の日", wareki(counter.on), "市外へ転出",
        "不服があるとき",
    )  # fmt: skip


def test_a_reminder_says_until_when_to_apply(client, counter):
    decision = counter.granted().decision
    page = url("decision_reminder", decision)
    assert client.get(page).context["form"].initial["apply_by"] == decision.ends_on - timedelta(30)
    late = {"apply_by": (decision.ends_on + timedelta(days=1)).isoformat()}
    answer = letter(client, counter, "decision_reminder", decision, **late)
    assert "apply_by" in answer.context["form"].errors
    by = decision.ends_on - timedelta(days=20)
    fine = {"apply_by": by.isoformat()}
    assert letter(client, counter, "decision_reminder", decision, **fine).status_code == 302
    text = latest_text(client, "renewal_reminder")
    assert_in_order(
        text, "更新のお知らせ", wareki(decision.ends_on), wareki(by), "利用できる最後の日"
    )
    assert "不服" not in text
    # A second reminder is another letter, not a correction.
    assert letter(client, counter, "decision_reminder", decision, **fine).status_code == 302
    assert WardPaper.objects.filter(kind="renewal_reminder").count() == 2
    assert "訂正" not in latest_text(client, "renewal_reminder")


def test_nobody_is_reminded_of_what_cannot_be_renewed(client, counter):
    decision = counter.granted().decision
    # The job began 300 days ago: the window ends three years after its first half year.
    last = client.get(url("application_page", decision.application)).context["standing"].window
    Decision.objects.filter(pk=decision.pk).update(ends_on=last.last_usable_on)
    fine = {"apply_by": counter.on.isoformat()}
    answer = letter(client, counter, "decision_reminder", decision, **fine)
    assert answer.status_code == REFUSED
    assert "更新はできません" in str(answer.context["form"].errors)


def test_after_a_death_no_letter_goes_out(client, counter):
    decision = counter.granted().decision
    person = decision.client
    person.died_on = counter.on
    person.save()
    for name, facts in (("decision_grant_notice", {}),
                        ("decision_reminder", {"apply_by": counter.on.isoformat()})):  # fmt: skip
        answer = letter(client, counter, name, decision, **facts)
        assert "亡くなった方" in str(answer.context["form"].errors)
    assert not WardPaper.objects.exists()


# --- Whose papers these are -------------------------------------------------------------------------


def test_another_ward_finds_no_paper(client, counter):
    row = certificate_of(counter)
    printed(client, row)
    paper = WardPaper.objects.get(certificate=row)
    pages = [url("ward_paper_pdf", paper), url("certificate_remake", row),
             url("decision_grant_notice", row.decision)]  # fmt: skip
    for key in ("other_officer", "city", "worker", "head", "admin"):
        enter(client, counter.cast.members[key])
        for page in pages:
            assert client.get(page).status_code in (403, 404), (key, page)
        assert client.post(url("certificate_issue", row)).status_code in (403, 404), key
    assert WardPaper.objects.count() == 1


def test_a_transcribed_certificate_is_no_ward_paper(client, counter):
    copied = counter.cast.enrolment.client.decisions.get().certificates.get()
    assert client.post(url("certificate_issue", copied)).status_code == 404


def test_a_corrected_decision_can_be_printed_again(client, counter):
    row = certificate_of(counter)
    printed(client, row)
    decision = row.decision
    facts = DecisionFacts(
        "1234567899", decision.decided_on, decision.starts_on, day_before(decision.ends_on), "月"
    )
    correct_decision(
        decision=decision, facts=facts, reason="日付の誤り", by=counter.cast.members["city"],
        at=counter.who["at"],
    )  # fmt: skip
    assert client.post(url("certificate_remake", row), {"reason": "訂正"}).status_code == 302
    assert wareki(day_before(decision.granted_until)) not in printed(client, row)
    decision.refresh_from_db()
    assert wareki(decision.ends_on) in printed(client, row)
