"""What is looked for in lists: a report by the person's name; 期限 says what its list really holds."""

from django.urls import reverse

from plans.queries.report_list import Stage
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


def test_a_report_is_found_by_name(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("report_list", args=[Month.of(cast.today) - 1])
    every = client.get(url).context["rows"]
    found = client.get(url, {"q": "しけん"})
    assert [row.name for row in found.context["rows"]] == ["試験 太郎"]
    assert 'value="しけん"' in found.content.decode()
    assert len(every) >= 1
    # The stages count whom was looked for, and nobody found is not a month without people.
    nobody = client.get(url, {"q": "いない人"})
    assert nobody.context["rows"] == []
    assert "この月に利用した人はいません" not in nobody.content.decode()
    assert ">条件を消す</a>" in nobody.content.decode().partition('class="empty"')[2]
    counts = {each["label"]: each["count"] for each in found.context["stages"]}
    assert counts[str(Stage.ALL.label)] == 1


def test_the_folded_filter_says_what_the_list_holds(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(reverse("expiry")).content.decode()
    summary = page[page.index('class="filters__chosen"') :].partition("</summary>")[0]
    assert "3か月以内・すべて（全員）" in summary
    assert "<h2>12か月のあいだに終わるもの" not in page
