"""Forms come out of the renderer with labels, help and errors tied to their fields."""

import re

import pytest
from django import forms
from django.urls import reverse

from teikyaku.fields import DateField, YenField
from teikyaku.tags import summary_words
from tests.accounts.test_coming_and_going import enter


class Sample(forms.Form):
    name = forms.CharField(label="氏名", help_text="戸籍のとおり")
    born_on = DateField(label="生年月日")
    income_yen = YenField(label="収入", required=False)
    way = forms.ChoiceField(label="方法", choices=[("a", "対面")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="同意", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def refused() -> str:
    return str(Sample({"born_on": "きのう", "income_yen": "千"}))


def test_help_and_error_describe_the_input(refused):
    described = re.search(r'<input[^>]*name="name"[^>]*>', refused).group()
    assert 'aria-describedby="id_name_helptext id_name_error"' in described
    assert 'aria-invalid="true"' in described
    for target in ("id_name_helptext", "id_name_error"):
        assert refused.count(f'id="{target}"') == 1


def test_summary_links_to_every_wrong_field(refused):
    summary = refused.partition('class="error-summary"')[2].partition("</ul>")[0]
    links = re.findall(r'href="#([^"]+)"', summary)
    assert links == ["id_name", "id_born_on", "id_income_yen", "id_way_0"]
    for target in links:
        assert refused.count(f'id="{target}"') == 1


def test_what_was_typed_stays(refused):
    assert 'value="きのう"' in refused
    assert 'value="千"' in refused


def test_group_of_radios_has_a_legend_and_its_error(refused):
    assert '<fieldset class="field__fieldset" aria-describedby="id_way_error">' in refused
    assert '<legend class="field__label">方法' in refused


def test_required_and_optional_are_said_in_words():
    form = Sample()
    assert "必須" in form["name"].as_field_group()
    assert "任意" in form["income_yen"].as_field_group()


def test_hidden_field_is_kept_and_has_no_label():
    html = str(Sample())
    assert html.count('name="token"') == 1
    assert 'for="id_token"' not in html


def test_untouched_form_has_no_summary():
    assert "error-summary" not in str(Sample())


@pytest.mark.parametrize(
    ("name", "kind"), [("born_on", "date"), ("income_yen", "yen"), ("name", "char")]
)
def test_field_tells_its_kind(name, kind):
    assert f'class="field field--{kind}"' in Sample()[name].as_field_group()


def test_a_summary_says_the_name_of_a_field_once():
    class Form(forms.Form):
        phone = forms.CharField(label="電話番号")

    field = Form()["phone"]
    assert (
        summary_words(field, "電話番号は数字で入れてください。")
        == "電話番号は数字で入れてください。"
    )
    assert summary_words(field, "入れてください。") == "電話番号：入れてください。"


@pytest.mark.django_db
def test_the_title_says_first_that_something_is_wrong(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("phrase_new")
    assert "<title>エラー" not in client.get(url).content.decode()
    answer = client.post(url, {"text": ""})
    assert answer.status_code == 422
    assert "<title>エラー：" in answer.content.decode()
