"""Headings that are questions, as forms on the web export them, and those of old software."""

import pytest

from plans.forms.move_in_cells import MustNotContactField
from plans.move_in_columns import NAMES
from plans.rules.move_in import guesses
from plans.rules.move_in_questions import asked_for, is_question

QUESTIONS = {
    "利用者のお名前（フルネームで入力してください）": "name",
    "お名前のふりがなを入力してください": "kana",
    "生年月日はいつですか？（例：1990/1/1）": "birth_date",
    "連絡のとれる電話番号を教えてください": "phone",
    "お住まいの住所を入力してください（市区町村から）": "address",
    "障がいの種類をすべて選んでください": "disabilities",
    "現在お勤めの会社の名前": "employer",
    "入社した日はいつですか？": "employed_on",
    "1週間の労働時間は何時間ですか？": "weekly_minutes",
    "就職前に利用していた福祉サービスはどれですか？": "service_kind",
    "その事業所の名前": "service_office",
    "そのサービスの利用を始めた日": "service_from",
    "そのサービスの利用を終えた日": "service_until",
    "受給者証を発行した市区町村": "municipality",
    "契約した日": "signed_on",
    "定着支援の利用を開始した日": "use_from",
    "最後に面談した日はいつですか？": "last_met_on",
    "面談はどのくらいの頻度ですか？": "pace_months",
    "個別支援計画を作成した日": "plan_made_on",
    "次の見直しはいつですか？": "plan_review_by",
}


def test_all_questions_of_one_form_are_guessed_at_their_own_columns():
    found = guesses(list(QUESTIONS), NAMES)
    heads = list(QUESTIONS)
    assert {field: heads[position] for field, (position, _sure) in found.items()} == {
        field: heading for heading, field in QUESTIONS.items()
    }
    assert not any(is_sure for field, (_at, is_sure) in found.items() if field != "address_more")


@pytest.mark.parametrize(
    "heading",
    ["緊急連絡先のお名前を教えてください", "会社にはこの支援を受けていることを伝えていますか？",
     "その他、伝えておきたいこと", "タイムスタンプ", "主治医のお名前"],
)  # fmt: skip
def test_other_questions_are_nobodys(heading):
    assert guesses([heading], NAMES) == {}


@pytest.mark.parametrize("heading", ["氏名", "契約日", "会った日"])
def test_headings_of_a_table_are_no_questions(heading):
    assert not is_question(heading)
    assert asked_for(heading) == ""


@pytest.mark.parametrize(
    ("text", "is_marked"),
    [("はい、伝えています", False), ("伝えていない（クローズ）", True), ("オープン就労", False),
     ("いいえ、伝えていません", True)],
)  # fmt: skip
def test_whether_the_workplace_knows_is_read_in_words(text, is_marked):
    assert MustNotContactField(required=False).clean(text) is is_marked


def test_headings_of_old_software_and_a_bare_period_of_the_certificate():
    heads = [
        "氏名漢字",
        "氏名ｶﾅ",
        "住所1",
        "住所2",
        "決定開始日",
        "決定終了日",
        "雇用先名",
        "雇用年月日",
    ]
    fields = [
        "name",
        "kana",
        "address",
        "address_more",
        "granted_from",
        "granted_until",
        "employer",
        "employed_on",
    ]
    assert list(guesses(heads, NAMES)) == fields
    assert guesses(["受給者証番号", "市町村", "区分", "期間", "上限額"], NAMES)["granted_from"] == (
        3,
        False,
    )
    assert "granted_from" not in guesses(["就職先", "期間"], NAMES)
    assert "address_more" not in guesses(["住所2"], NAMES)
