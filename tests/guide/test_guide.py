"""The two public questions: the staff's rules, plain words, and nothing that stays anywhere."""

import re
from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.rules.cap import tax_year_for
from clients.rules.kinds import ScreeningAnswer
from teikyaku.clock import TOKYO, now
from teikyaku.desk.guide.forms import CostForm, UseForm
from teikyaku.desk.guide.rate import A_MINUTE
from teikyaku.furigana import unread, with_furigana
from teikyaku.periods import Month

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)
USE = {
    "services": ["transition"], "employed_on": "Ｒ８．６．１５", "ended_on": "", "before_on": "",
    "before_ended_on": "", "has_difficulties": "yes", "is_continued_a": "no",
    "lives_in": "新潟市", "works_in_niigata": "yes",
}  # fmt: skip
COST = {
    "receives_public_assistance": "no", "is_taxed": "no", "next_salary_yen": "２，４００，０００円",
    "has_spouse": "no", "lives_in_group_home": "no",
}  # fmt: skip
URLS = ("guide", "guide_use", "guide_cost")


@pytest.fixture(autouse=True)
def _on_a_day():
    cache.clear()
    with time_machine.travel(f"{ON.isoformat()} 10:00 +0900", tick=False):
        yield
    cache.clear()


CHANGED = {
    **USE, "employed_on": "2026-07-15", "before_on": "2026-06-01", "before_ended_on": "2026-06-30",
    "is_before_left_to_improve": "yes",
}  # fmt: skip


def ask(name, data, **extra):
    return Client().post(reverse(name), data, **extra)


def main_of(answer):
    text = answer.content.decode()
    return text[text.index("guide__body") : text.index("</main>")]


def plain(answer):
    """The words of the page without tags and readings."""
    return re.sub(r"<rt>.*?</rt>|<[^>]+>", "", main_of(answer))


def test_from_when_it_can_be_used_with_the_reasons():
    answer = ask("guide_use", USE)
    assert answer.status_code == 200
    result = answer.context["result"]
    assert result.answer == ScreeningAnswer.ELIGIBLE_FROM
    assert (result.first_usable_on, result.last_usable_on) == (
        date(2026, 12, 15), date(2029, 12, 14),
    )  # fmt: skip
    words = plain(answer)
    for each in ("2026年12月15日", "こあサポート", "らいふあっぷ", "利用していた事業所に相談"):
        assert each in words


def test_a_job_before_moves_the_window():
    told = {**USE, "before_on": "2025-06-01", "before_ended_on": "2026-06-10"}
    result = ask("guide_use", told).context["result"]
    assert result.first_usable_on == date(2025, 12, 1)


TWO_JOBS = {
    **USE, "employed_on": "2025-03-01", "before_on": "2015-04-01", "before_ended_on": "2017-01-30",
}  # fmt: skip


def test_whoever_worked_long_ago_is_asked_whether_the_service_came_after_it():
    answer = ask("guide_use", TWO_JOBS)
    assert answer.context["result"].answer == ScreeningAnswer.INCOMPLETE
    assert "前の仕事をやめた後に、サービスを使いましたか" in plain(answer)
    assert "対象になりません" not in plain(answer)
    answer = ask("guide_use", {**TWO_JOBS, "is_service_between_jobs": "yes"})
    assert answer.context["result"].answer == ScreeningAnswer.ELIGIBLE_NOW
    assert "2025年9月1日" in plain(answer)


@pytest.mark.parametrize(
    ("changes", "shown", "hidden"),
    [
        ({"ended_on": "2025-01-30"}, "使えたのは、2025年1月30日", "2027年9月30日"),
        ({"ended_on": "2026-11-20"}, "次の就職は決まっていますか", "2027年9月30日"),
        ({"employed_on": "2020-04-01"}, "使えたのは、2023年9月30日", "から2023年9月30日（"),
    ],
)
def test_days_stand_with_a_yes_alone(changes, shown, hidden):
    answer = ask("guide_use", {**USE, "employed_on": "2024-04-01", **changes})
    result = plain(answer).partition("答えを変えて")[0]
    assert not answer.context["result"].is_yes
    assert shown in result
    assert hidden not in result


@pytest.mark.parametrize(
    ("lives_in", "window"),
    [
        ("新潟市", "住んでいる区の区役所健康福祉課か、地域保健福祉センター"),
        ("五泉市", "五泉市の障がい福祉の窓口"),
        ("阿賀町", "阿賀町の障がい福祉の窓口"),
        ("ほか", "住んでいる市区町村の障がい福祉の窓口"),
        ("", "ほかの市町村の人はその市町村の障がい福祉の窓口"),
    ],
)
@pytest.mark.parametrize(
    ("services", "sentence", "other"),
    [(["transition"], "申請は、", "くわしいことは、"), (["none"], "くわしいことは、", "申請は、")],
)
def test_the_window_is_that_of_the_place_and_a_no_sends_nobody_to_apply(
    lives_in, window, services, sentence, other
):
    answer = ask("guide_use", {**USE, "services": services, "lives_in": lives_in})
    where = plain(answer).partition("どこに行けばよいですか")[2].partition("迷うことが")[0]
    assert sentence in where
    assert other not in where
    assert window in where
    assert ("区役所" in where) is (lives_in in ("新潟市", ""))


def test_nobody_gets_a_bare_no():
    answer = ask("guide_use", {**USE, "services": ["none"]})
    result = answer.context["result"]
    assert result.answer == ScreeningAnswer.NOT_ELIGIBLE
    assert result.reasons
    assert len(result.referrals) >= 2
    assert "らいふあっぷ" in plain(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("employed_on", "きのう"), ("employed_on", "2/30"), ("ended_on", "2020-01-01"),
        ("before_on", "2020-01-01"), ("before_ended_on", "2026-06-15"), ("employed_on", "1" * 9999),
    ],
)  # fmt: skip
def test_wrong_input_is_told_at_its_field_and_kept(field, value):
    answer = ask("guide_use", {**USE, field: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert answer.context["result"] is None
    assert f'value="{value}"' in answer.content.decode()
    assert "checked" in answer.content.decode()


def test_what_is_paid_month_by_month():
    cost = ask("guide_cost", COST).context["cost"]
    months = [row.month for row in cost.months]
    assert (months[0], len(months)) == (Month(2026, 11), 12)
    # This tax year nothing; from July by the salary of 2026, at an office of any tier:
    # 1,074 and 3,512 units at 10 yen, a tenth of each; far below either cap.
    free, paid = cost.months[:8], cost.months[8:]
    assert all(row.is_free and row.caps_yen == (0,) for row in free)
    assert {(row.pay.low_yen, row.pay.high_yen) for row in paid} == {(1074, 3512)}
    # (3,512 + 900 + 300 + 120 + 579 + 240 + 150) = 5,801 units, 10.3 % on top 598: 6,399 yen.
    assert {row.pay.most_yen for row in paid} == {6399}
    assert {row.caps_yen for row in paid} == {(9300, 37200)}
    assert (cost.year.low_yen, cost.year.high_yen) == (4 * 1074, 4 * 3512)
    assert cost.free_months == 8


def test_equal_months_stand_on_one_line():
    answer = ask("guide_cost", COST)
    rows = answer.context["cost"].rows
    assert [(row.first.month, row.last.month, row.count) for row in rows] == [
        (Month(2026, 11), Month(2027, 6), 8),
        (Month(2027, 7), Month(2027, 10), 4),
    ]
    months = plain(answer).partition("月ごとの目安")[2].partition("1か月のサービスの費用")[0]
    assert "2026年11月から2027年6月" in months
    assert "2027年1月" not in months
    # A fee table of its own in June 2026: where the sum differs the line is another one.
    assert len(ask("guide_cost", {}).context["cost"].rows) == 1


def test_unknown_tax_leaves_both_possible_and_asks():
    answer = ask("guide_cost", {})
    cost = answer.context["cost"]
    assert all((row.pay.low_yen, row.pay.high_yen) == (0, 3512) for row in cost.months)
    assert cost.questions
    assert "通知書の額では判定できません" in plain(answer)


def test_on_assistance_nothing_is_paid():
    cost = ask("guide_cost", {"receives_public_assistance": "yes"}).context["cost"]
    assert cost.free_months == 12


def test_the_years_stand_in_the_questions():
    form = CostForm(month=Month.of(ON))
    assert "2026年度" in form.fields["is_taxed"].label
    assert "2025年（令和7年）" in form.fields["last_salary_yen"].label
    assert tax_year_for(Month(2027, 6)) == 2026


def test_nothing_stays_anywhere():
    for name, data in (("guide_use", USE), ("guide_cost", COST)):
        with CaptureQueriesContext(connection) as queries:
            answer = ask(name, data)
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert not [q for q in queries if not q["sql"].startswith("SELECT")], name
        assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_the_31st_request_of_a_minute_waits_kindly():
    client = Client()
    statuses = [client.get(reverse("guide")).status_code for _ in range(A_MINUTE + 1)]
    assert statuses == [200] * A_MINUTE + [429]
    answer = client.get(reverse("guide_use"))
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "60秒待って" in plain(answer)
    assert Client(REMOTE_ADDR="10.1.2.3").get(reverse("guide")).status_code == 200
    with time_machine.travel(now() + timedelta(seconds=61), tick=False):
        assert client.get(reverse("guide")).status_code == 200


def test_behind_a_proxy_each_person_has_their_own_count(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(A_MINUTE):
        Client().get(reverse("guide"), headers={"x-forwarded-for": "203.0.113.1"})
    codes = [
        Client().get(reverse("guide"), headers={"x-forwarded-for": f"1.2.3.4, {who}"}).status_code
        for who in ("203.0.113.1", "203.0.113.2")
    ]
    assert codes == [429, 200]


def pages():
    """Every page with every kind of answer."""
    for name in URLS:
        yield Client().get(reverse(name))
    days = ("", "2026-04-01", "2023-01-10", "2019-05-05", "2027-01-01")
    for services, day, no in product((["transition"], ["none"], []), days, ("yes", "no", "")):
        told = {**USE, "services": services, "employed_on": day, "has_difficulties": no,
                "is_continued_a": "yes" if no == "no" else "", "lives_in": "ほか" if no else "",
                "works_in_niigata": no, "ended_on": "2026-10-20" if no == "yes" else ""}  # fmt: skip
        yield ask("guide_use", told)
    for between, ended in product(("", "yes", "no"), ("", "2026-11-20")):
        yield ask("guide_use", {**TWO_JOBS, "is_service_between_jobs": between, "ended_on": ended})
    for why, following in product(("", "yes", "no"), ("", "2027-01-05", "2027-02-20")):
        left = {"ended_on": "2026-12-10", "is_left_to_improve": why, "next_on": following}
        yield ask("guide_use", {**USE, "employed_on": "2024-04-01", **left})
        yield ask("guide_use", {**CHANGED, **left, "lives_in": "", "works_in_niigata": ""})
    for answers in product(("", "yes", "no"), repeat=3):
        told = dict(zip(("is_taxed", "has_spouse", "lives_in_group_home"), answers, strict=True))
        yield ask("guide_cost", told)
        yield ask(
            "guide_cost", {**told, "last_salary_yen": "1000000", "next_salary_yen": "3000000"}
        )


@pytest.mark.timeout(120)
def test_every_word_has_its_reading():
    missing = set()
    for answer in pages():
        cache.clear()
        missing |= unread(main_of(answer))
    assert missing == set()


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("2026年12月15日", "ねん|がつ|にち"),
        ("6か月の間", "かげつ|あいだ"),
        ("月ごと", "つき"),
        ("就労定着支援を使う", "しゅうろうていちゃくしえん|つか"),
        ("遅れた分が分かる", "おく|れたぶん|わ"),
    ],
)
def test_readings_follow_what_stands_around(text, reading):
    assert "|".join(re.findall(r"<rt>(.*?)</rt>", with_furigana(text))) == reading


def test_tags_and_attributes_stay_as_they_are():
    html = '<a title="月" href="/x">月</a><option>月</option>&lt;日'
    found = with_furigana(html)
    assert 'title="月"' in found
    assert "<option>月</option>" in found
    assert "<ruby>月<rt>つき</rt></ruby></a>" in found


def test_the_switch_stays_on_with_the_answer():
    off, on = ask("guide_use", USE), ask("guide_use", {**USE, "furigana": "on"})
    switch = re.compile(r'id="furigana"[^>]*')
    assert "checked" not in switch.search(off.content.decode()).group()
    assert "checked" in switch.search(on.content.decode()).group()


def test_every_question_may_stay_open():
    for form in (UseForm({}), CostForm({}, month=Month.of(ON))):
        assert form.is_valid(), form.errors
    assert now().astimezone(TOKYO).date() == ON


def test_where_nothing_of_the_place_is_known_the_centres_are_folded():
    nothing = ask("guide_use", {})
    assert nothing.context["is_narrowed_later"]
    main = main_of(nothing)
    assert main.index("<details") < main.index("こあサポート")
    assert "相談先をしぼって案内できます" in plain(nothing)
    assert not ask("guide_use", {"lives_in": "新潟市"}).context["is_narrowed_later"]
    assert not ask("guide_use", {**USE, "services": ["none"]}).context["is_narrowed_later"]
