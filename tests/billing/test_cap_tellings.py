"""結果票の連絡: the other offices of a cancelled sheet stand on the billing home until they were told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.cap_telling import take_telling_back, tell_offices
from billing.actions.claim_file import withdraw_claim_files
from billing.models import CapSheetCancellation, CapTelling
from billing.queries.after_change import steps_after
from billing.queries.cap_tellings import told_of, untold_months
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import who, withdrawn
from tests.billing.test_cap_cancellations import cancel, month, sent

__all__ = ["month", "sent"]


@pytest.fixture
def gone(cast, month, sent):
    """The sheet of a withdrawn month, cancelled."""
    withdrawn(cast, row=sent)
    cancel(cast, month)
    return CapSheetCancellation.objects.get()


def tell(cast, gone, by="billing", **facts):
    on = who(cast)["at"].date()
    lines = [each.line.pk for each in told_of([gone.entry])[gone.entry_id]]
    given = {"lines": lines, "told_on": on, "way": "phone", **who(cast, by), **facts}
    return tell_offices(change=gone.entry, **given)


def test_open_until_told_and_again_when_that_is_taken_back(cast, month, gone):
    assert untold_months(cast.office) == [(month, 1)]
    assert untold_months(cast.other_office) == []
    (row,) = tell(cast, gone)
    assert (row.line.office_name, row.number) == ("よそ1", 1)
    assert untold_months(cast.office) == []
    with pytest.raises(ValidationError, match="まだ知らせていない"):
        tell(cast, gone)
    with pytest.raises(ValidationError, match="理由"):
        take_telling_back(telling=row, reason=" ", **who(cast))
    take_telling_back(telling=row, reason="別の方だった", **who(cast))
    assert untold_months(cast.office) == [(month, 1)]
    with pytest.raises(ValidationError, match="別の人が取り消しました"):
        take_telling_back(telling=row, reason="もう一度", **who(cast))
    (again,) = tell(cast, gone)
    assert (again.number, CapTelling.objects.count()) == (3, 3)


def test_a_step_of_the_month_until_told(cast, month, gone):
    line = gone.entry.person_month.line
    (step,) = steps_after(cast.office, [line])[line]
    assert (step["label"], step["note"]) == ("上限額管理の取り消しを知らせる", "1事業所")
    assert step["url"].endswith("#sent")
    tell(cast, gone)
    assert steps_after(cast.office, [line])[line] == []


def test_what_cannot_be(cast, gone):
    with pytest.raises(ValidationError, match="取り消した日より前"):
        tell(cast, gone, told_on=who(cast)["at"].date() - timedelta(days=2))
    with pytest.raises(ValidationError, match="この事業所"):
        tell(cast, gone, by="outsider")
    with pytest.raises(ValidationError, match="まだ知らせていない"):
        tell(cast, gone, lines=[])
    withdraw_claim_files(file=gone.entry.file, reason="mistake", **who(cast))
    assert untold_months(cast.office) == []
    gone.refresh_from_db()
    with pytest.raises(ValidationError, match="また有効"):
        tell(cast, gone)


def test_the_pages(client, cast, month, gone):
    enter(client, cast.members["billing"])
    home, caps = (
        client.get(reverse("after_close")).content.decode(),
        reverse("cap_month", args=[month]),
    )
    assert "まだ知らせていない事業所" in home
    assert f'href="{caps}#sent"' in home
    url = reverse("cap_tell", args=[gone.entry.public_id])
    assert url in client.get(caps).content.decode()
    form = client.get(url).context["form"]
    told = {"lines": form.initial["lines"], "told_on": form.initial["told_on"], "way": "fax"}
    assert client.post(url, {**told, "way": ""}).status_code == 422
    answer = client.post(url, told)
    assert answer["Location"] == caps + "#sent", answer.content.decode()[-3000:]
    row = CapTelling.objects.get()
    back = reverse("cap_tell_back", args=[row.public_id])
    assert back in client.get(caps).content.decode()
    assert client.get(url).status_code == 302
    assert client.post(back, {"reason": "まちがい"}).status_code == 302
    assert url in client.get(caps).content.decode()
    assert client.get(back).status_code == 302
