"""記録を探す: what was written is found however it is typed, and nothing of it elsewhere."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.actions import life_change
from plans.actions.interview import correct_interview
from plans.models import Interview, NoteText
from plans.queries.note_search import ROWS, found_notes, note_rows
from plans.rules.note_text import GAP, note_key, pieces, words_of
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.periods import Period
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet, ready_person

pytestmark = pytest.mark.django_db


def note(cast, text="", back=1, enrolment=None, worker="worker", **facts):
    on = cast.today - timedelta(days=back)
    return meet(enrolment or cast.enrolment, cast.members[worker], on, notes=text, **facts)


def found(cast, typed, **narrowed):
    rows = found_notes(cast.office, words_of(typed), cast.today, **narrowed)
    return [row.interview for row in rows]


@pytest.mark.parametrize(
    "typed",
    ["ﾊﾞｽ", "バス", "ばす", "ＢＵＳ", "bus", "バ ス", "通勤　バス", "100%", "_月", "髙橋", "高橋"],
)
def test_found_however_it_is_typed(cast, typed):
    row = note(cast, "通勤のバス（Bus）が遅れた。100%ではない。_月から高橋係長が来る。")
    other = note(cast, "電車で通う。", back=2)
    assert found(cast, typed) == [row]
    assert other not in found(cast, typed)


def test_every_word_must_be_there(cast):
    row = note(cast, "朝、眠れないと話した。", agreed="来週、通院に付き添う。")
    assert found(cast, "眠れない 通院") == [row]
    assert found(cast, "眠れない 転職") == []
    assert found(cast, "") == []
    assert found(cast, "　 ") == []


def test_no_word_across_two_fields(cast):
    note(cast, "薬を変", agreed="更した")
    assert found(cast, "変更") == []


def test_place_and_company_are_found_too(cast):
    row = note(cast, "元気", place="駅前の喫茶店", participants="店長の山本さん")
    assert found(cast, "喫茶店 山本") == [row]


def test_the_newest_first_and_within_a_span(cast):
    old, new = note(cast, "体調がよい", back=20), note(cast, "体調がわるい", back=3)
    assert found(cast, "体調") == [new, old]
    first, last = cast.today - timedelta(days=20), cast.today - timedelta(days=4)
    assert found(cast, "体調", span=Period(first, last)) == [old]
    assert found(cast, "体調", span=Period(first + timedelta(days=1), None)) == [new]
    assert found(cast, "体調", staff_user=cast.user("manager").pk) == []
    assert found(cast, "体調", client=cast.enrolment.client_id) == [new, old]


def test_a_corrected_note_and_one_taken_back_are_not_found(cast):
    wrong = note(cast, "転職したい")
    right = correct_interview(
        interview=wrong, reason="人ちがい", held_on=wrong.held_on, way="face", outcome="met",
        met_by=wrong.met_by, notes="部署を変わりたい", work_rating="settled",
        life_rating="settled", by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip
    assert found(cast, "転職") == []
    assert found(cast, "部署") == [right]
    life_change.withdraw_interview(
        interview=right, reason="まちがい", by=cast.members["worker"], at=at_noon(cast.today)
    )
    assert found(cast, "部署") == []
    assert set(NoteText.objects.values_list("interview", flat=True)) == set(
        Interview.objects.standing().values_list("pk", flat=True)
    )


def test_nothing_of_another_office(client, cast):
    note(cast, "よその秘密", enrolment=cast.foreign, worker="outsider")
    assert found(cast, "秘密") == []
    enter(client, cast.members["worker"])
    page = client.get(reverse("note_search"), {"q": "秘密"})
    assert page.context["rows"] == []
    url = reverse("client_notes", args=[cast.foreign.client.public_id])
    assert client.get(url, {"q": "秘密"}).status_code == 404


def test_the_page_marks_what_was_found(client, cast):
    row = note(cast, "残業が<b>つづく</b>と話した")
    enter(client, cast.members["worker"])
    page = client.get(reverse("note_search"), {"q": "ザンギョウ つづく"}).content.decode()
    assert "見つかりませんでした" in page
    page = client.get(reverse("note_search"), {"q": "残業 ツヅク"}).content.decode()
    assert "<mark>残業</mark>が&lt;b&gt;<mark>つづく</mark>&lt;/b&gt;" in page
    assert reverse("interview_page", args=[row.public_id]) in page
    events = AuditEvent.objects.filter(subject_id=cast.office.public_id, verb="read")
    assert events.count() == 1


def test_wrong_dates_are_told_at_their_field(client, cast):
    enter(client, cast.members["worker"])
    answer = client.get(reverse("note_search"), {"q": "バス", "since": "2/30", "staff": "x"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"since", "staff"}
    assert 'value="バス"' in answer.content.decode()
    data = {"q": "バス", "since": "2026-05-02", "until": "2026-05-01"}
    assert set(client.get(reverse("note_search"), data).context["form"].errors) == {"until"}
    assert client.get(reverse("note_search"), {"q": "長" * 10_000}).status_code == 422


def test_more_than_a_page(client, cast):
    first = cast.enrolment.use_starts_on
    for n in range(ROWS + 1):
        meet(cast.enrolment, cast.members["worker"], first + timedelta(days=n), notes=f"傘 {n}")
    enter(client, cast.members["worker"])
    url = reverse("note_search")
    client.get(url, {"q": "傘"})
    with CaptureQueriesContext(connection) as many:
        newest = client.get(url, {"q": "傘"})
    assert len(newest.context["rows"]) == ROWS
    assert newest.context["has_more"]
    oldest = client.get(url, {"q": "傘", "page": "2"})
    assert [row.held_on for row in oldest.context["rows"]] == [first]
    with CaptureQueriesContext(connection) as one:
        client.get(url, {"q": "傘 30"})
    assert len(one) == len(many)
    for nonsense in ("0", "-1", "x", "9" * 30):
        assert client.get(url, {"q": "傘", "page": nonsense}).status_code == 200


def test_what_is_shown_where_another_field_holds_it(cast):
    note(cast, "元気", offered_instead="電話で話す")
    page = found_notes(cast.office, ["電話"], cast.today)
    (row,) = note_rows(page, ["電話"], cast.today)
    assert [(piece.text, piece.is_hit) for piece in row.pieces] == [
        ("代わりに提案したこと：", False),
        ("電話", True),
        ("で話す", False),
    ]


def test_the_piece_is_short_and_keeps_the_order():
    text = "あ" * 50 + "ｶﾞﾝﾊﾞﾙ" + "い" * 200
    found = pieces(text, words_of("がんばる"))
    assert [piece.is_hit for piece in found] == [False, False, True, False]
    assert found[0].text == "…"
    assert found[2].text == "ｶﾞﾝﾊﾞﾙ"
    assert found[3].text.endswith("…")
    assert pieces("何もない", ["ない人"]) == []
    assert note_key(["", "　", "A", "ｱ"]) == f"a{GAP}あ"
    assert len(words_of("一 二 三 四 五 六")) == 6


def test_a_word_too_many_is_told_and_none_is_dropped(client, cast):
    note(cast, "一 二 三 四 五")
    enter(client, cast.members["worker"])
    answer = client.get(reverse("note_search"), {"q": "一 二　三 四 五 六"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "5語までです（いま6語）" in page
    assert 'value="一 二　三 四 五 六"' in page
    assert answer.context["rows"] == []
    assert not AuditEvent.objects.filter(subject_id=cast.office.public_id, verb="read").exists()
    assert len(client.get(reverse("note_search"), {"q": "一 二　三 四 五 "}).context["rows"]) == 1


def test_what_is_too_long_is_told_and_ends_before_it_travels(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("note_search")
    answer = client.get(url, {"q": "長" * 101})
    page = answer.content.decode()
    assert (answer.status_code, "100字までです（いま101字）" in page) == (422, True)
    assert f'value="{"長" * 101}"' in page
    assert 'maxlength="100"' in str(answer.context["form"]["q"])
    # gunicorn reads 4094 bytes of an address unless told otherwise; 𠮷 is the longest there is.
    asked = urlencode({"q": "𠮷" * 100, "staff": "0" * 36, "since": "年" * 80, "until": "年" * 80})
    path = reverse("client_notes", args=[cast.enrolment.client.public_id])
    assert len(f"GET {path}?{asked} HTTP/1.1") < 4094


def test_every_person_whose_words_are_shown_is_on_the_record(client, cast):
    other = ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], "1234500001",
        name="人 二", kana="ひと に",
    )  # fmt: skip
    enter(client, cast.members["worker"])
    url = reverse("note_search")

    def lines():
        rows = AuditEvent.objects.filter(verb="read", outcome="read", person_id__isnull=False)
        return sorted(rows.values_list("subject_type", "person_id"))

    note(cast, "傘を忘れた")
    note(cast, "傘を借りた", back=2)
    client.get(url, {"q": "ない"})
    with CaptureQueriesContext(connection) as one:
        client.get(url, {"q": "傘"})
    mine = ("client", cast.enrolment.client.public_id)
    assert lines() == [mine]
    note(cast, "傘を買った", enrolment=other)
    with CaptureQueriesContext(connection) as two:
        client.get(url, {"q": "傘"})
    assert lines() == sorted([mine, mine, ("client", other.client.public_id)])
    assert len(one) == len(two)
    client.get(url, {"q": "どこにもない言葉"})
    assert len(lines()) == 3
    client.get(reverse("client_notes", args=[mine[1]]), {"q": "傘"})
    assert lines().count(mine) == 3


def test_the_days_are_read_without_their_year(client, cast):
    note(cast, "朝のバス")
    enter(client, cast.members["worker"])
    day = cast.today - timedelta(days=1)
    query = {"q": "バス", "since": f"{day.month}/{day.day}", "until": f"{day.month}/{day.day}"}
    answer = client.get(reverse("note_search"), query)
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 1
