"""返戻の事由: recorded with the return or later, put right by a new row, shown wherever the return is."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.claim_file import record_returns
from billing.actions.claim_return import record_return_reason
from billing.models import ClaimFileEntry, ClaimReturn, ClaimReturnReason
from billing.queries.claim_files import claim_entries
from billing.rules.claim_return import ReturnReason
from teikyaku.frozen import FrozenRowError
from tests.access.test_matrix import sign_in
from tests.billing.corrections import other_tier, who
from tests.billing.test_claim_export import close, make_early, month, one_more  # noqa: F401


@pytest.fixture
def claim(cast, month):  # noqa: F811
    return make_early(cast, month)[0]


@pytest.fixture
def back(cast, claim):
    """The claim of the cast's person came back; nobody has said why yet."""
    (row,) = record_returns(entries=[ClaimFileEntry.objects.get(file=claim)], **who(cast))
    return row


def said(cast, back, code="ER01", words="台帳にありません", days=0):
    reason = ReturnReason(cast.today + timedelta(days=days), code, words)
    return record_return_reason(claim_return=back, reason=reason, **who(cast))


def test_the_form_asks_each_chosen_person(client, cast, month):  # noqa: F811
    later = month + 1
    one_more(cast)
    close(cast, later)
    claim, _records = make_early(cast, later)
    first, second = claim_entries(claim)
    sign_in(client, cast, "billing")
    url = reverse("claim_file_withdraw", args=[claim.public_id])
    told = {"reason": "returned", "people": [first], "returned_on": cast.today.isoformat()}
    # The day is not 任意 for whom it is asked.
    assert "返戻のとき必須" in client.get(url).content.decode()
    answer = client.post(url, told)
    assert answer.status_code == 422
    assert f"words_{first}" in answer.context["form"].errors
    # What was typed for somebody who was not chosen is said, not left out.
    answer = client.post(url, {**told, f"code_{first}": "ER01", f"words_{second}": "重複"})
    assert answer.status_code == 422
    assert f"words_{second}" in answer.context["form"].errors
    assert 'value="重複"' in answer.content.decode()
    assert f'value="{first}" checked' in answer.content.decode()
    for day in ("", "2020-04-01", (cast.today + timedelta(days=1)).isoformat()):
        wrong = {**told, f"code_{first}": "ER01", "returned_on": day}
        assert "returned_on" in client.post(url, wrong).context["form"].errors
    assert not ClaimReturn.objects.exists()
    assert client.post(url, {**told, f"code_{first}": "ER01"}).status_code == 302
    row = ClaimReturnReason.objects.get()
    assert (row.code, row.words, row.returned_on) == ("ER01", "", cast.today)


def test_the_whole_file_needs_no_reason(client, cast, claim):
    sign_in(client, cast, "billing")
    url = reverse("claim_file_withdraw", args=[claim.public_id])
    assert client.post(url, {"reason": "not_sent"}).status_code == 302
    claim.refresh_from_db()
    assert claim.is_withdrawn


def test_recorded_later_and_put_right(client, cast, back, month):  # noqa: F811
    sign_in(client, cast, "billing")
    page = reverse("claim_export", args=[month])
    url = reverse("claim_return_reason", args=[back.public_id])
    text = client.get(page).content.decode()
    assert "返戻の事由の記録がありません。" in text
    assert url in text
    told = {"returned_on": cast.today.isoformat(), "code": "ER01", "words": "台帳に ありません"}
    assert client.post(url, told).status_code == 302
    assert 'value="ER01"' in client.get(url).content.decode()
    assert client.post(url, {**told, "code": "ER02"}).status_code == 302
    assert [row.code for row in ClaimReturnReason.objects.order_by("pk")] == ["ER01", "ER02"]
    text = client.get(page).content.decode()
    assert "ER02　台帳に ありません" in text
    assert "ER01" not in text
    assert client.post(url, {**told, "code": "", "words": " "}).status_code == 422
    assert client.post(url, {**told, "code": "9" * 21}).status_code == 422


def test_wherever_the_return_is_shown(client, cast, back, month):  # noqa: F811
    said(cast, back)
    sign_in(client, cast, "billing")
    row = cast.person_month
    assert "ER01　台帳にありません" in (
        client.get(reverse("person_month_page", args=[row.public_id])).content.decode()
    )
    book = load_workbook(BytesIO(client.get(reverse("month_xlsx", args=[month])).content))
    assert "返戻：ER01　台帳にありません" in [cell.value for cell in list(book.active.columns)[9]]
    other_tier(cast)
    shown = client.get(reverse("month_correct", args=[row.public_id])).context["form"].initial
    assert (shown["reason"], shown["note"]) == ("returned", "ER01　台帳にありません")


def test_bounds(cast, back):
    for wrong, field in (
        ({"code": "", "words": ""}, "words"),
        ({"days": 1}, "returned_on"),
        ({"days": -cast.today.day}, "returned_on"),  # the file was made on the first of the month
    ):
        with pytest.raises(ValidationError) as error:
            said(cast, back, **wrong)
        assert field in error.value.message_dict
    row = said(cast, back)
    with pytest.raises(FrozenRowError):
        row.save()


def test_nobody_else_says_it(client, cast, back):
    url = reverse("claim_return_reason", args=[back.public_id])
    for key, status in (("manager", 403), ("worker", 403), ("outsider", 404)):
        sign_in(client, cast, key)
        assert client.get(url).status_code == status
