"""A text with its readings, as the page of a report shows it: ruby, line breaks, and nothing of it as HTML."""

import pytest

from teikyaku.tags import with_readings


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("会社《かいしゃ》で", "<ruby>会社<rt>かいしゃ</rt></ruby>で"),
        ("｜働き方《はたらきかた》", "<ruby>働き方<rt>はたらきかた</rt></ruby>"),
        ("一行\n二行", "<br>"),
        ("<b>太い</b>", "&lt;b&gt;"),
    ],
)
def test_readings_stand_above_their_words(text, shown):
    assert shown in with_readings(text)


def test_the_notation_is_not_shown():
    assert "《" not in with_readings("会社《かいしゃ》")
