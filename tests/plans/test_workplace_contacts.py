"""職場連絡禁止: no contact with the workplace is written as if nothing were; what happened is kept."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from plans.actions import life_change
from plans.models import Interview
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of

ERROR = 422


@pytest.fixture
def closed(cast):
    job = job_of(cast.enrolment)
    job.must_not_contact = True
    job.save()
    return cast


def log(cast, **facts):
    worker = cast.members["worker"]
    return life_change.log_interview(
        enrolment=cast.enrolment, held_on=cast.today, met_by=worker, by=worker,
        at=at_noon(cast.today), **{"way": "phone", "outcome": "others", **facts},
    )  # fmt: skip


MET = {"outcome": "met", "work_rating": "settled", "life_rating": "settled"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        pytest.param({}, "spoke_with", id="others-not-said-who"),
        pytest.param({"way": "conference"}, "spoke_with", id="conference-not-said-who"),
        pytest.param({"way": "employer_visit"}, "workplace_talk", id="visit"),
        pytest.param({"spoke_with": ["workplace"]}, "workplace_talk", id="workplace"),
        pytest.param({"spoke_with": ["family"], "participants": "職場の上司"}, "workplace_talk", id="named"),
        pytest.param({"spoke_with": ["other"], "place": "まるまる弁当（職場）"}, "workplace_talk", id="place"),
        pytest.param({**MET, "has_employer_concern": True}, "workplace_talk", id="their-voice"),
        pytest.param({**MET, "notes": "店長に電話で様子を聞いた"}, "workplace_talk", id="in-the-notes"),
        pytest.param({**MET, "agreed": "上司に伝える"}, "workplace_talk", id="in-what-was-agreed"),
        pytest.param({**MET, "spoke_with": ["workplace"], "workplace_talk": "none"}, "workplace_talk", id="against"),
        pytest.param({"spoke_with": ["workplace"], "workplace_talk": "ours"}, "workplace_reason", id="no-reason"),
        pytest.param({"way": "employer_visit", "workplace_talk": "theirs"}, "workplace_talk", id="visit-is-ours"),
    ],
)  # fmt: skip
def test_nothing_is_stored_before_it_is_clear(closed, facts, field):
    with pytest.raises(ValidationError) as refused:
        log(closed, **facts)
    assert list(refused.value.error_dict) == [field]


@pytest.mark.parametrize(
    "facts",
    [
        {"spoke_with": ["family"]},
        {**MET},
        {**MET, "notes": "朝は起きられている"},
        {**MET, "notes": "上司とうまくいっていると話した", "workplace_talk": "none"},
        {**MET, "place": "職場の近くの喫茶店", "workplace_talk": "none"},
        {"spoke_with": ["workplace"], "workplace_talk": "theirs"},
        {"spoke_with": ["workplace"], "workplace_talk": "ours", "workplace_reason": "番号の取り違え"},
        {"way": "employer_visit", "workplace_talk": "ours", "workplace_reason": "本人と一緒に話すため"},
    ],
)  # fmt: skip
def test_what_really_happened_is_kept(closed, facts):
    assert log(closed, **facts).workplace_talk == facts.get("workplace_talk", "")


def test_elsewhere_nothing_of_it_is_asked(cast):
    assert log(cast, participants="職場の上司", notes="店長に聞いた", has_employer_concern=True).pk


def test_the_form_asks_back_at_its_field_and_the_page_says_what_it_was(client, closed):
    enter(client, closed.members["worker"])
    url = reverse("interview_new", args=[closed.enrolment.public_id])
    assert 'name="workplace_talk"' in client.get(url).content.decode()
    data = {
        "outcome": "others", "way": "phone", "held_on": closed.today.isoformat(),
        "met_by": str(closed.members["worker"].public_id), "notes": "欠勤の知らせ",
        "spoke_with": ["workplace"],
    }  # fmt: skip
    answer = client.post(url, data)
    assert answer.status_code == ERROR
    assert "workplace_talk" in answer.context["form"].errors
    assert "欠勤の知らせ" in answer.content.decode()
    assert not Interview.objects.filter(notes="欠勤の知らせ").exists()
    assert client.post(url, {**data, "workplace_talk": "theirs"}).status_code == 302
    row = Interview.objects.get(notes="欠勤の知らせ")
    page = client.get(reverse("interview_page", args=[row.public_id])).content.decode()
    assert "職場の側から連絡があった" in page
    assert "話した相手" in page


def test_without_a_consent_the_workplace_is_asked_about(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    assert 'name="workplace_talk"' not in client.get(url).content.decode()
    data = {
        "outcome": "others", "way": "employer_visit", "held_on": cast.today.isoformat(),
        "met_by": str(cast.members["worker"].public_id), "notes": "現場を見た",
    }  # fmt: skip
    assert (
        "本人の同意の記録がまだありません" in client.post(url, data, follow=True).content.decode()
    )
