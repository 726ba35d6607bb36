"""Each list whose conditions can be kept: what it keeps and leaves out, and nobody else's in sight."""

import pytest
from django.urls import reverse

from teikyaku.accounts.models import SavedView
from teikyaku.accounts.queries.saved_view import own_views
from tests.accounts.test_coming_and_going import enter

# List, an address with what nobody keeps, what is kept of it, how that is said.
LISTS = [
    pytest.param(
        "expiry", "months=6&kind=decision&staff={worker}&page=2&junk=1",
        "months=6&kind=decision&staff={worker}", "期限　6か月以内・支給決定期間の終了（{name}）",
        id="expiry, months ahead",
    ),
    pytest.param(
        "expiry", "late=1&month=2026-12&kind=nonsense&staff=nonsense", "late=1",
        "期限　期限が過ぎた・すべて（全員）", id="expiry, what has passed",
    ),
    pytest.param(
        "expiry", "month=2027-02&months=99&kind=cap", "month=2027-02&kind=cap",
        "期限　2027年2月・負担上限月額の適用の終わり（全員）", id="expiry, one month",
    ),
    pytest.param(
        "client_list", "q=試験&show=ending&staff={worker}&page=2&person=1",
        "show=ending&staff={worker}", "利用者　6か月以内に期間が終わる（{name}）",
        id="people, without the name that was looked for",
    ),
    pytest.param(
        "client_list", "show=nonsense&staff=nonsense", "show=in_use", "利用者　利用中（全員）",
        id="people, nonsense",
    ),
    pytest.param(
        "plan_list", "ask=nonsense&staff={worker}&page=2", "ask=all&staff={worker}",
        "（{name}）", id="plans",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("page", "asked", "kept", "words"), LISTS)
def test_what_a_list_keeps(client, cast, page, asked, kept, words):
    worker = cast.members["worker"]
    known = {"worker": worker.public_id, "name": worker.user.name}
    asked, kept, words = (text.format(**known) for text in (asked, kept, words))
    enter(client, worker)
    new = f"{reverse('saved_view_new', args=[page])}?{asked}"
    assert words in client.get(new).content.decode()
    answer = client.post(new, {"name": "わたしの一覧"})
    assert answer["Location"] == f"{reverse(page)}?{kept}"
    row = SavedView.objects.get()
    assert (row.page, row.query) == (page, kept)
    listed = client.get(answer["Location"])
    href = f'href="?{kept}"'.replace("&", "&amp;")
    assert f'{href} aria-current="page">わたしの一覧</a>' in listed.content.decode()
    # It is kept already; another one is offered.
    assert listed.context["saved"].new_url == ""
    assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", ["expiry", "client_list", "plan_list"])
def test_of_another_persons_views_none_is_ever_seen(client, cast, page):
    enter(client, cast.members["worker"])
    new = reverse("saved_view_new", args=[page])
    assert client.get(reverse(page)).context["saved"].new_url.startswith(f"{new}?")
    client.post(new, {"name": "ひみつの一覧"})
    row = SavedView.objects.get()
    assert "ひみつの一覧" in client.get(reverse(page)).content.decode()
    rename, delete = (
        reverse(name, args=[row.public_id]) for name in ("saved_view_rename", "saved_view_delete")
    )
    for key in ("manager", "head", "outsider"):
        enter(client, cast.members[key])
        listed = client.get(reverse(page))
        assert listed.status_code == 200
        assert "ひみつの一覧" not in listed.content.decode()
        assert listed.context["saved"].chips == ()
        for url in (rename, delete):
            assert client.get(url).status_code == 404
            assert client.post(url, {"name": "よその"}).status_code == 404
    # On another list of the same person it is not seen either.
    enter(client, cast.members["worker"])
    assert "ひみつの一覧" not in client.get(reverse("caseload")).content.decode()
    assert list(own_views(cast.members["worker"])) == [row]
    for key in ("officer", "admin"):
        enter(client, cast.members[key])
        assert client.get(new).status_code == 404
