"""引き継ぎ書: only what consent covers, nothing of a closed employment, no address, frozen."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Consent, Employment, RelatedPerson
from plans.actions import handover as actions
from plans.actions import life_change
from plans.actions.handover_papers import (
    issue_package,
    issue_plain_sheet,
    preview_key,
    reprint,
)
from plans.actions.report import give_consent, withdraw_consent
from plans.documents_handover import package, recipients
from plans.models import HandoverPaper
from plans.rules.handover import HandoverStep as S
from teikyaku.clock import at_noon
from teikyaku.printing import pdf
from tests.access.handover import begun
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of, make_centre
from tests.printing.test_documents import needs_pdftotext, text_of


@pytest.fixture
def who(cast):
    return {"by": cast.members["manager"], "at": at_noon(cast.today)}


@pytest.fixture
def row(cast, who):
    found = begun(cast)
    found = actions.record_step(handover=found, step=S.CONSENT, consented_on=cast.today, **who)
    job = job_of(cast.enrolment)
    job.contact_name, job.contact_phone = "職場 太郎", "025-999-8888"
    job._history_date = at_noon(cast.today)
    job.save()
    RelatedPerson.objects.create(
        client=cast.enrolment.client, kind="parent", name="家族 母", phone="025-111-2222",
        address="秘密町9-9", starts_on=cast.today, recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    return actions.write_package_texts(
        handover=found, what_works="メモがあると安心", watch_for="疲れ", measures="休憩10分", **who
    )


def centre_consent(cast):
    return Consent.objects.get(enrolment=cast.enrolment, recipient="centre", scope="handover")


def seen_by(cast, row, consent, without=frozenset()):
    return package(row, consent, number="", issued_on=cast.today, without=without)


def issue(cast, row, who, consent=None, without=frozenset()):
    consent = consent or centre_consent(cast)
    seen = preview_key(seen_by(cast, row, consent, without).content)
    return issue_package(handover=row, consent=consent, without=without, seen=seen, **who)


def close_job(cast):
    job = job_of(cast.enrolment)
    job.must_not_contact = True
    job._history_date = at_noon(cast.today)
    job.save()


def test_the_package_holds_it_all(cast, row):
    content = seen_by(cast, row, centre_consent(cast)).content
    assert content["workplaces"][0]["phone"] == "025-999-8888"
    assert content["contacts"] == [{"label": "親", "name": "家族 母", "phone": "025-111-2222"}]
    assert len(content["reports"]) == 3
    assert content["goals"]
    assert content["measures"] == "休憩10分"
    assert "秘密町" not in str(content)


def test_nothing_of_a_closed_employment(cast, who, row):
    given = {"enrolment": cast.enrolment, "recipient": "employer", "scope": "handover"}
    give_consent(starts_on=cast.today, **given, **who)
    assert len(recipients(cast.enrolment, cast.today)) == 2
    close_job(cast)
    assert [each.recipient for each in recipients(cast.enrolment, cast.today)] == ["centre"]
    content = seen_by(cast, row, centre_consent(cast)).content
    employer = job_of(cast.enrolment).employer.name
    for secret in (employer, "025-999-8888", "職場 太郎", "休憩10分"):
        assert secret not in str(content)
    assert content["is_closed"]
    with pytest.raises(ValidationError, match="同意が、いまはありません"):
        issue(cast, row, who, Consent.objects.get(recipient="employer", scope="handover"))


def test_what_was_written_in_a_closed_job_reaches_no_later_workplace(cast, who, row):
    """The job that must not know has ended; the next one may be told, of its own days."""
    close_job(cast)
    job = job_of(cast.enrolment)
    ended_on = cast.today - timedelta(days=3)
    Employment.objects.filter(pk=job.pk).update(ends_on=ended_on)
    Employment.objects.create(
        client=cast.enrolment.client, employer=job.employer, kind=job.kind,
        starts_on=ended_on + timedelta(days=1), recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    shop = give_consent(
        enrolment=cast.enrolment, recipient="employer", recipient_name="新しい店", scope="handover",
        starts_on=cast.today, **who,
    )  # fmt: skip
    shown = seen_by(cast, row, shop)
    assert shown.content["reports"] == []
    assert shown.content["goals"] == []
    assert any("仕事をしていた月" in text for text in shown.left_out)
    assert any("仕事の間に作った計画" in text for text in shown.left_out)
    # The centre is no workplace.
    assert seen_by(cast, row, centre_consent(cast)).content["reports"]
    # Open as well: nothing is held back from the workplace.
    Employment.objects.filter(pk=job.pk).update(must_not_contact=False)
    shown = seen_by(cast, row, shop)
    assert shown.content["reports"]
    assert shown.content["goals"]


def test_a_withdrawn_consent_makes_no_paper(cast, who, row):
    given = centre_consent(cast)
    withdraw_consent(consent=given, on=cast.today, **who)
    given.refresh_from_db()
    assert recipients(cast.enrolment, cast.today) == ()
    with pytest.raises(ValidationError, match="同意が、いまはありません"):
        issue(cast, row, who, given)


def test_a_narrower_word_for_reports_holds_here_too(cast, who, row):
    name = make_centre().name
    narrow = give_consent(
        enrolment=cast.enrolment, recipient="centre", recipient_name=name, scope="report",
        starts_on=cast.today, items=["goals"], **who,
    )  # fmt: skip
    content = seen_by(cast, row, centre_consent(cast)).content
    assert {part["title"] for each in content["reports"] for part in each["parts"]} == {
        "今月の目標"
    }
    withdraw_consent(consent=narrow, on=cast.today, **who)
    shown = seen_by(cast, row, centre_consent(cast))
    assert shown.content["reports"] == []
    assert any("支援レポート" in text for text in shown.left_out)


def test_what_was_looked_at_is_what_goes(cast, who, row):
    given = centre_consent(cast)
    seen = preview_key(seen_by(cast, row, given).content)
    actions.write_package_texts(handover=row, what_works="別", watch_for="", measures="", **who)
    with pytest.raises(ValidationError, match="もう一度、内容を確かめて"):
        issue_package(handover=row, consent=given, without=frozenset(), seen=seen, **who)


def test_frozen_and_replaced_by_a_new_one(cast, who, row):
    first = issue(cast, row, who)
    assert issue(cast, row, who) == first
    row = actions.write_package_texts(
        handover=row, what_works="変わった", watch_for="", measures="", **who
    )
    second = issue(cast, row, who)
    assert second.document.replaces == first.document
    first = HandoverPaper.objects.get(pk=first.pk)
    assert first.document.content["what_works"] == "メモがあると安心"
    assert reprint(first)["replaced_by"]["number"] == second.document.number


def test_after_a_death_no_paper(cast, who, row):
    given = centre_consent(cast)
    life_change.end_use(enrolment=cast.enrolment, ends_on=cast.today, reason="died", note="", **who)
    row.enrolment.client.refresh_from_db()
    assert recipients(row.enrolment, cast.today) == ()
    with pytest.raises(ValidationError, match="亡くなった"):
        issue(cast, row, who, given)
    with pytest.raises(ValidationError, match="亡くなった"):
        issue_plain_sheet(handover=row, **who)


def test_the_page_shows_what_goes_and_makes_it(client, cast, row):
    enter(client, cast.members["worker"])
    url = reverse("handover_package", args=[cast.enrolment.public_id])
    page = client.get(url)
    text = page.content.decode()
    assert "家族 母" in text
    assert "秘密町" not in text
    post = {"to": str(centre_consent(cast).public_id), "chosen": "1", "seen": page.context["seen"]}
    # Without its contact it is not what was looked at.
    assert client.post(url, post).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    post["contact"] = page.context["contacts"][0]["key"]
    made = client.post(url, post)
    assert made.status_code == 302
    assert client.get(made["Location"])["Content-Type"] == "application/pdf"
    enter(client, cast.members["outsider"])
    assert client.get(made["Location"]).status_code == 404


def test_behind_a_protected_home_each_contact_is_chosen(client, cast, row):
    cast.enrolment.client.residences.create(
        municipality=cast.wards[2], address="秘密町1", starts_on=cast.today, is_protected=True,
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, cast.members["worker"])
    page = client.get(reverse("handover_package", args=[cast.enrolment.public_id]))
    assert page.context["package"]["contacts"] == []
    assert "秘密町" not in page.content.decode()


@needs_pdftotext
def test_the_papers_read_aloud(cast, who, row):
    paper = issue(cast, row, who).document
    text = text_of(pdf(paper.template, paper.content))
    assert "引き継ぎ書" in text
    assert "メモがあると安心" in text
    sheet = issue_plain_sheet(handover=row, **who).document
    assert make_centre().name in text_of(pdf(sheet.template, sheet.content))


def test_form_and_package_say_what_the_consent_opens(client, cast, row):
    enter(client, cast.members["manager"])
    form = client.get(reverse("consent_new", args=[cast.enrolment.public_id]))
    assert "支援レポートのすべての項目も入ります" in form.content.decode()
    page = client.get(reverse("handover_package", args=[cast.enrolment.public_id]))
    assert "最近の支援レポートのすべての項目を開きます" in page.content.decode()
