"""The paper beside the fields: chosen or attached without losing a word, linked by saving."""

import pytest
from django.urls import reverse

from clients.models import Attachment, Consent, Employment
from plans.models import Contract, Decision
from tests.accounts.test_coming_and_going import enter
from tests.papers import attached, upload

TYPED = "打ちかけの名前"


def consent_url(cast):
    return reverse("consent_new", args=[cast.enrolment.public_id])


def consent(cast, **changed):
    return {
        "recipient": "employer", "scope": "contact", "starts_on": cast.today.isoformat(),
        "recipient_name": TYPED, **changed,
    }  # fmt: skip


@pytest.fixture
def desk(client, cast):
    enter(client, cast.members["worker"])
    return client


def test_a_paper_is_taken_put_back_and_linked_by_saving(desk, cast):
    paper = attached(cast, kind="consent", dated_on=None)
    attached(cast, kind="handbook", mark="2")
    page = desk.get(consent_url(cast))
    assert page.context["beside"].offered == [paper]
    taken = desk.post(consent_url(cast), consent(cast, paper_take=str(paper.public_id)))
    text = taken.content.decode()
    assert taken.status_code == 200
    assert TYPED in text
    assert "error-summary" not in text
    assert reverse("attachment_picture", args=[paper.public_id]) in text
    assert (taken.context["beside"].chosen, taken.context["beside"].offered) == ([paper], [])
    chosen = {"paper": str(paper.public_id)}
    back = desk.post(
        consent_url(cast), consent(cast, paper_put_back=str(paper.public_id), **chosen)
    )
    assert back.context["beside"].chosen == []
    assert TYPED in back.content.decode()
    assert Consent.objects.count() == 1
    assert desk.post(consent_url(cast), consent(cast, **chosen)).status_code == 302
    stored = Consent.objects.latest("pk")
    paper.refresh_from_db()
    assert (paper.subject_type, paper.subject_id) == ("consent", stored.public_id)
    assert paper.dated_on == cast.today


def test_a_file_is_kept_before_the_fields_are_looked_at(desk, cast):
    sent = consent(cast, starts_on="きのう", papers=[upload()])
    wrong = desk.post(consent_url(cast), sent)
    assert wrong.status_code == 422
    (paper,) = wrong.context["beside"].chosen
    text = wrong.content.decode()
    assert "きのう" in text
    assert f'name="paper" value="{paper.public_id}"' in text
    assert Consent.objects.count() == 1


def test_a_file_sent_twice_is_the_one_that_is_there(desk, cast):
    for _time in (1, 2):
        sent = consent(cast, paper_send="1", papers=[upload()])
        (paper,) = desk.post(consent_url(cast), sent).context["beside"].chosen
    assert Attachment.objects.get() == paper


def test_a_file_and_the_fields_are_saved_in_one_go(desk, cast):
    answer = desk.post(consent_url(cast), consent(cast, papers=[upload()]))
    assert answer.status_code == 302
    assert Attachment.objects.get().subject_id == Consent.objects.latest("pk").public_id


def test_a_refused_file_saves_nothing_and_loses_nothing(desk, cast):
    sent = consent(cast, papers=[upload(b"<script>", "b.jpg")])
    refused = desk.post(consent_url(cast), sent)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "b.jpg：" in text
    assert TYPED in text
    assert Consent.objects.count() == 1
    none = desk.post(consent_url(cast), consent(cast, paper_send="1"))
    assert none.status_code == 422
    assert "ファイルを選んでください" in none.content.decode()


def test_papers_of_others_and_nonsense_are_not_chosen(desk, cast):
    theirs = attached(cast, cast.foreign, by=cast.members["outsider"], kind="consent")
    for text in (str(theirs.public_id), "nonsense"):
        page = desk.get(f"{consent_url(cast)}?paper={text}")
        assert page.context["beside"].chosen == []
        answer = desk.post(consent_url(cast), consent(cast, paper_take=text))
        assert answer.context["beside"].chosen == []
    theirs.refresh_from_db()
    assert theirs.subject_id is None


def test_the_certificate_is_copied_from_its_faces(desk, cast):
    faces = [attached(cast, mark=mark, dated_on=None) for mark in ("1", "2")]
    number = Decision.objects.get(client=cast.enrolment.client).certificates.get()
    url = reverse("certificate_transcribe", args=[cast.enrolment.public_id])
    ids = [str(face.public_id) for face in faces]
    text = desk.get(f"{url}?paper={ids[0]}&paper={ids[1]}").content.decode()
    assert text.count('class="sheet"') == 2
    before = Decision.objects.filter(client=cast.enrolment.client).latest("ends_on")
    starts_on = before.ends_on.replace(day=1, year=before.ends_on.year + 1)
    answer = desk.post(
        url,
        {
            "paper": ids, "municipality": cast.wards[2].pk, "amount": "当該月の日数",
            "number": number.recipient_number.number, "issued_on": cast.today.isoformat(),
            "decided_on": cast.today.isoformat(), "starts_on": starts_on.isoformat(),
            "ends_on": starts_on.replace(day=20).isoformat(), "category": "general_1",
            "cap_yen": "9300", "cap_first_month": starts_on.isoformat()[:7],
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    stored = Decision.objects.filter(client=cast.enrolment.client).latest("pk")
    assert set(Attachment.objects.values_list("subject_id", "dated_on")) == {
        (stored.public_id, cast.today)
    }


def test_a_job_has_its_paper_too(desk, cast):
    terms = attached(cast, kind="employment", mark="2")
    day = cast.today.isoformat()
    answer = desk.post(
        reverse("employment_new", args=[cast.enrolment.client.public_id]),
        {
            "employer": "別の店",
            "kind": "ordinary",
            "starts_on": day,
            "is_second": "on",
            "paper": str(terms.public_id),
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    linked = dict(Attachment.objects.values_list("subject_type", "subject_id"))
    assert linked == {"employment": Employment.objects.latest("pk").public_id}


def test_a_paper_is_linked_afterwards_and_to_another_record(desk, cast):
    paper = attached(cast, kind="other")
    url = reverse("attachment_link", args=[paper.public_id])
    contract = Contract.objects.get(enrolment=cast.enrolment)
    keys = [key for key, _label in desk.get(url).context["form"].fields["subject"].choices]
    assert {key.partition(":")[0] for key in keys} == {
        "decision", "consent", "supportplan", "employment", "contract", "none",
    }  # fmt: skip
    foreign = Consent.objects.filter(enrolment=cast.foreign).first()
    assert foreign is None
    for key, expected in (
        (f"contract:{contract.public_id}", contract.public_id),
        (f"consent:{Consent.objects.get().public_id}", Consent.objects.get().public_id),
        ("none", None),
    ):
        assert desk.post(url, {"subject": key}).status_code == 302
        paper.refresh_from_db()
        assert paper.subject_id == expected
    theirs = Contract.objects.get(enrolment=cast.foreign).public_id
    assert desk.post(url, {"subject": f"contract:{theirs}"}).status_code == 422


@pytest.mark.parametrize("name", ["cap_new", "certificate_transcribe"])
def test_what_is_wrong_is_met_before_the_photo(desk, cast, name):
    paper = attached(cast)
    url = reverse(name, args=[cast.enrolment.public_id])
    answer = desk.post(url, {"paper": str(paper.public_id)})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count("data-error-summary") == 1
    assert text.index("data-error-summary") < text.index('class="beside__side"')
    assert text.index('class="beside__side"') < text.index('class="beside__fields"')
    # A file that is refused is told there too.
    refused = desk.post(url, {"paper_send": "1"}).content.decode()
    assert refused.index("data-error-summary") < refused.index('class="beside__side"')


def test_a_cap_is_copied_with_the_papers_of_its_certificate_in_sight(desk, cast):
    decision = Decision.objects.filter(client=cast.enrolment.client).latest("pk")
    here = {"subject_type": "decision", "subject_id": decision.public_id}
    known = attached(cast, mark="1")
    Attachment.objects.filter(pk=known.pk).update(**here)
    new = attached(cast, mark="2")
    url = reverse("cap_new", args=[cast.enrolment.public_id])
    page = desk.get(url)
    assert (page.context["beside"].known, page.context["beside"].offered) == ([known], [new])
    typed = {"category": "general_1", "cap_yen": TYPED}
    text = desk.post(url, {**typed, "paper_take": str(new.public_id)}).content.decode()
    assert TYPED in text
    assert all(reverse("attachment_picture", args=[row.public_id]) in text for row in (known, new))
    month = cast.today.replace(day=1).isoformat()[:7]
    cap = {"category": "low_income", "cap_yen": "0", "first_month": month}
    answer = desk.post(url, {**cap, "paper": str(new.public_id)})
    assert answer.status_code == 302
    new.refresh_from_db()
    assert (new.subject_type, new.subject_id) == ("decision", decision.public_id)
