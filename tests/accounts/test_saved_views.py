"""Saved views: one's own, named, of conditions that the list knows; enough of them is enough."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from teikyaku.accounts.actions.saved_view import MOST, keep_view, rename_view
from teikyaku.accounts.models import AuditEvent, Membership, SavedView
from teikyaku.accounts.queries.saved_view import own_views
from teikyaku.accounts.saved_lists import Reading, saved_list
from teikyaku.clock import at_noon
from teikyaku.constraints import violation_messages
from tests.accounts.test_coming_and_going import enter

NEW = "/me/views/caseload/new/"


def keep(cast, name="気がかり", key="worker", query="ask=worrying&staff=all"):
    return keep_view(
        page="caseload", reading=Reading(query, "気がかりがある（全員）"), name=name,
        by=cast.members[key], at=at_noon(cast.today),
    )  # fmt: skip


def test_a_list_as_it_stands_is_kept_under_a_name(client, cast):
    enter(client, cast.members["worker"])
    listed = client.get("/caseload/?ask=worrying&also=new&staff=all&page=2&junk=1")
    url = listed.context["saved"].new_url
    assert url == f"{NEW}?ask=worrying&also=new&staff=all"
    form = client.get(url).content.decode()
    assert "気がかりがある、かつ 利用開始から6か月以内（全員）" in form
    answer = client.post(url, {"name": " 新しく気がかり "})
    assert answer["Location"] == "/caseload/?ask=worrying&also=new&staff=all"
    row = SavedView.objects.get()
    assert (row.name, row.query) == ("新しく気がかり", "ask=worrying&also=new&staff=all")
    page = client.get("/caseload/?ask=worrying&also=new&staff=all")
    assert 'href="?ask=worrying&amp;also=new&amp;staff=all" aria-current="page">新しく気がかり' in (
        page.content.decode()
    )
    # It is kept already.
    assert page.context["saved"].new_url == ""
    assert client.get("/caseload/?ask=new").context["saved"].new_url


def test_only_what_the_list_knows_is_kept(client, cast):
    enter(client, cast.members["worker"])
    person = cast.enrolment.client.public_id
    client.post(
        f"{NEW}?ask=new&also=nonsense&staff=nonsense&q=試験&person={person}&page=3",
        {"name": "新しい人", "query": "q=試験", "page": "people"},
    )
    row = SavedView.objects.get()
    assert (row.page, row.query) == ("caseload", "ask=new&staff=all")


def test_a_name_is_used_once_and_not_empty(client, cast):
    keep(cast)
    enter(client, cast.members["worker"])
    again = client.post(f"{NEW}?ask=new&staff=all", {"name": "気がかり"})
    assert again.status_code == 422
    assert "この名前は、もう使っています" in again.content.decode()
    assert 'value="気がかり"' in again.content.decode()
    assert client.post(f"{NEW}?ask=new", {"name": "  "}).status_code == 422
    assert client.post(f"{NEW}?ask=new", {"name": "長" * 41}).status_code == 422
    assert SavedView.objects.count() == 1
    # Somebody else may use the same name.
    keep(cast, key="manager")


def test_the_database_keeps_names_too(cast):
    row = keep(cast)
    copy = {
        "membership": row.membership,
        "page": row.page,
        "query": "",
        "created_at": row.created_at,
    }
    for name, words in (("気がかり", "もう使っています"), ("", "名前を入れてください")):
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            SavedView.objects.create(name=name, **copy)
        ((message,),) = violation_messages(caught.value, SavedView).values()
        assert words in message
    SavedView.objects.create(name="気がかり", **{**copy, "page": "expiry"})


def test_twenty_are_enough(client, cast):
    for index in range(MOST):
        keep(cast, f"名前 {index}")
    enter(client, cast.members["worker"])
    answer = client.post(f"{NEW}?ask=new", {"name": "もう一つ"})
    assert answer.status_code == 422
    assert f"{MOST}個までです" in answer.content.decode()
    assert SavedView.objects.count() == MOST
    keep(cast, key="manager")


def test_renamed_and_thrown_away_by_their_owner_alone(client, cast):
    row, other = keep(cast), keep(cast, "別の")
    rename, delete = (
        reverse(name, args=[row.public_id]) for name in ("saved_view_rename", "saved_view_delete")
    )
    for key in ("manager", "head", "outsider", "billing"):
        enter(client, cast.members[key])
        for url in (rename, delete):
            assert client.get(url).status_code == 404
            assert client.post(url, {"name": "よその"}).status_code == 404
        assert "気がかり</a>" not in client.get("/caseload/").content.decode()
    enter(client, cast.members["worker"])
    assert client.post(rename, {"name": "別の"}).status_code == 422
    assert client.post(rename, {"name": "見回り"})["Location"] == f"/caseload/?{row.query}"
    row.refresh_from_db()
    assert row.name == "見回り"
    assert client.post(rename, {"name": "見回り"}).status_code == 302
    assert "見回り" in client.get(delete).content.decode()
    assert SavedView.objects.count() == 2
    client.post(delete)
    assert list(SavedView.objects.all()) == [other]
    verbs = AuditEvent.objects.filter(subject_type="savedview").values_list("verb", flat=True)
    assert set(verbs) == {"view_kept", "view_changed", "view_discarded"}


def test_changed_roles_keep_what_was_kept(cast):
    row = keep(cast)
    member = cast.members["worker"]
    later = Membership(user=member.user, office=member.office, roles=["service_manager"])
    assert list(own_views(later)) == [row]
    elsewhere = Membership(user=member.user, office=cast.other_office, roles=["support_worker"])
    assert not own_views(elsewhere).exists()
    with pytest.raises(ValidationError):
        rename_view(view=keep(cast, "別の"), name="気がかり", by=member, at=at_noon(cast.today))


def test_only_lists_that_say_so_keep_anything(client, cast):
    assert saved_list("caseload") is not None
    for page in ("home", "client_page", "nonsense"):
        assert saved_list(page) is None
    enter(client, cast.members["worker"])
    for page in ("home", "people", "nonsense"):
        assert client.get(f"/me/views/{page}/new/").status_code == 404
    # Who may not open the list keeps nothing of it.
    for key in ("billing", "officer", "admin"):
        enter(client, cast.members[key])
        assert client.get(NEW).status_code == 404
