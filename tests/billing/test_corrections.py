"""After the close: a further row that refers to the old one, and what every reader makes of it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from billing.actions.month import close_month
from billing.models import MonthClosing, MonthCorrection, PersonMonth
from billing.queries.correction import redo_of
from billing.queries.differences import differing_months
from billing.queries.month import month_board
from billing.queries.person_months import months_of
from billing.queries.verify import broken_closings
from plans.actions import life_change
from plans.models import CapPeriod, Interview
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import corrected, other_tier, serve_too, who, withdrawn


@pytest.fixture
def month(cast):
    return Month.of(cast.person_month.month)


def standing(cast, month):
    return PersonMonth.objects.standing().filter(month=month.first_day, closing__office=cast.office)


def test_a_new_row_replaces_the_old_and_says_what_the_close_would_say(cast, month):
    other_tier(cast)
    new = corrected(cast, note="区分を取り違えた")
    old = cast.person_month
    old.refresh_from_db()
    assert (old.units, old.total_cost_yen) == (2_768, 27_680)
    # 3,512 units at 10 yen: 35,120 yen, a tenth 3,512, below the cap of 9,300.
    assert (new.units, new.total_cost_yen, new.copayment_yen, new.benefit_yen) == (
        3_512, 35_120, 3_512, 31_608,
    )  # fmt: skip
    assert (new.replaces, new.edition, new.closing.number, new.closing.kind) == (
        old, 2, 2, "correction",
    )  # fmt: skip
    assert [line.total_units for line in new.lines.all()] == [3_512]
    assert (new.correction.reason, new.correction.note) == ("office", "区分を取り違えた")
    assert new.correction.recorded_by == cast.members["billing"]
    assert list(standing(cast, month)) == [new]
    assert list(broken_closings()) == []
    assert differing_months(cast.office, month, month, cast.today).rows == ()


def test_a_digest_knows_what_a_correction_replaced(cast, month):
    other_tier(cast)
    new = corrected(cast)
    table = connection.ops.quote_name(PersonMonth._meta.db_table)
    with connection.cursor() as cursor:  # behind the frozen rows
        cursor.execute(f"UPDATE {table} SET replaces_id = NULL WHERE id = {new.pk}")
    assert list(broken_closings()) == [new.closing]


def test_a_mistaken_correction_is_corrected_by_the_next_row(cast, month):
    other_tier(cast, "95")
    second = corrected(cast)
    other_tier(cast, "80")
    third = corrected(cast, second)
    assert (third.edition, third.replaces, third.units) == (3, second, 2_768)
    assert list(standing(cast, month)) == [third]
    with pytest.raises(ValidationError, match="もう訂正されています"):
        corrected(cast, second)
    assert list(broken_closings()) == []


def test_nothing_to_correct_is_refused(cast):
    with pytest.raises(ValidationError, match="出し直せません"):
        corrected(cast)
    assert not MonthCorrection.objects.exists()
    assert MonthClosing.objects.filter(kind="correction").count() == 0


def test_what_was_shown_is_what_is_written(cast):
    other_tier(cast, "95")
    with pytest.raises(ValidationError, match="記録が変わりました"):
        corrected(cast, seen="0123456789abcdef")


def test_another_office_corrects_nothing(cast):
    other_tier(cast)
    with pytest.raises(ValidationError, match="この事業所の月ではありません"):
        corrected(cast, by=cast.members["outsider"])


def test_a_reason_other_wants_words(cast):
    other_tier(cast)
    with pytest.raises(ValidationError, match="くわしい理由"):
        corrected(cast, reason="other")
    assert PersonMonth.objects.filter(edition=2).count() == 0


def test_withdrawn_it_counts_for_nothing_and_no_close_takes_it_again(cast, month):
    row = withdrawn(cast)
    assert (row.is_withdrawn, row.units, row.total_cost_yen, row.copayment_yen) == (True, 0, 0, 0)
    assert not standing(cast, month).exists()
    board = month_board(cast.office, month, cast.today)
    assert (len(board.closed), len(board.withdrawn)) == (0, 1)
    assert cast.enrolment.pk not in {entry.support.enrolment_id for entry in board.ready}
    with pytest.raises(ValidationError, match="いま締められる方はいません"):
        close_month(office=cast.office, month=month, **who(cast))
    assert differing_months(cast.office, month, month, cast.today).rows == ()
    assert month.first_day not in [each.month for each in months_of(cast.enrolment)]
    assert list(broken_closings()) == []


def test_withdrawn_by_mistake_it_is_put_right_by_the_next_row(cast, month):
    row = withdrawn(cast)
    with pytest.raises(ValidationError, match="もう取り下げて"):
        withdrawn(cast, row)
    back = corrected(cast, row)
    assert (back.edition, back.units, back.is_withdrawn) == (3, 2_768, False)
    assert list(standing(cast, month)) == [back]
    assert list(broken_closings()) == []


def test_a_withdrawn_month_keeps_no_other_office_from_it(cast, month):
    other = serve_too(cast)
    held = [
        entry.support.enrolment_id
        for entry in month_board(cast.other_office, month, cast.today).held
    ]
    assert other.pk in held
    mine = withdrawn(cast)
    close_month(office=cast.other_office, month=month, **who(cast, "outsider"))
    theirs = PersonMonth.objects.get(enrolment=other, month=month.first_day)
    assert (theirs.edition, theirs.replaces) == (3, None)
    assert list(broken_closings()) == []
    # What the other office bills keeps this one from it, whatever it tries.
    with pytest.raises(ValidationError, match="出し直せません"):
        corrected(cast, mine)


def test_a_month_that_the_facts_do_not_bear_out_can_only_be_withdrawn(client, cast, month):
    meeting = Interview.objects.get(
        enrolment=cast.enrolment, held_on__range=(month.first_day, month.last_day)
    )
    life_change.withdraw_interview(
        interview=meeting, reason="別の方だった", by=cast.members["worker"], at=who(cast)["at"]
    )
    with pytest.raises(ValidationError, match="出し直せません"):
        corrected(cast)
    enter(client, cast.members["billing"])
    answer = client.get(reverse("month_correct", args=[cast.person_month.public_id]))
    assert [key for key, _label in answer.context["form"].fields["what"].choices] == ["withdraw"]
    assert "請求できない月です" in answer.content.decode()


# --- What the database holds ---------------------------------------------------------------------


def copy_of(row, **changed):
    """A further row of a person's month, past the actions."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in PersonMonth._meta.concrete_fields
        if field.name not in ("id", "public_id")
    }
    return PersonMonth(**{**values, "replaces_id": None, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"edition": 1},
        {"edition": 2},  # the row before counts, and is not replaced
        {"edition": 3, "replaces": True},  # a number was left out
        {"edition": 1, "replaces": True},
        {"edition": 2, "replaces": True, "is_withdrawn": True},  # withdrawn, but not of 0 yen
    ],
)
def test_the_database_refuses_a_second_row_that_counts(cast, changed):
    row = cast.person_month
    facts = {**changed}
    if facts.pop("replaces", False):
        facts["replaces_id"] = row.pk
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(row, **facts).save()


def test_the_database_lets_a_row_replace_only_its_own(cast, month):
    theirs = close_month(office=cast.other_office, month=month, **who(cast, "outsider"))
    stranger = theirs.person_months.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(cast.person_month, edition=2, replaces_id=stranger.pk).save()
    other_tier(cast)
    corrected(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(cast.person_month, edition=3, replaces_id=cast.person_month.pk).save()


# --- Pages ---------------------------------------------------------------------------------------


def test_from_the_difference_to_the_corrected_month(client, cast, month):
    other_tier(cast)
    enter(client, cast.members["billing"])
    url = reverse("month_correct", args=[cast.person_month.public_id])
    page = client.get(f"{reverse('differences')}?year={month.fiscal_year}").content.decode()
    assert url in page
    shown = client.get(url)
    text = shown.content.decode()
    for words in ("27,680円", "35,120円", "＋7,440円", "＋744円", "＋6,696円"):
        assert words in text
    data = {"what": "redo", "reason": "", "seen": shown.context["redo"].mark}
    assert client.post(url, data).status_code == 422
    answer = client.post(url, {**data, "reason": "office"}, follow=True)
    new = PersonMonth.objects.get(replaces=cast.person_month)
    text = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("person_month_page", args=[new.public_id])
    assert "出し直した月です" in text
    assert "この月の経過" in text
    old = client.get(reverse("person_month_page", args=[cast.person_month.public_id]))
    assert "あとで訂正されています" in old.content.decode()
    assert client.get(url).url == reverse("person_month_page", args=[new.public_id])


def test_the_facts_changed_while_somebody_looked(client, cast):
    other_tier(cast, "95")
    enter(client, cast.members["billing"])
    url = reverse("month_correct", args=[cast.person_month.public_id])
    seen = client.get(url).context["redo"].mark
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=1_000)
    answer = client.post(url, {"what": "redo", "reason": "office", "seen": seen})
    assert answer.status_code == 422
    assert "記録が変わりました" in answer.content.decode()


def test_the_month_page_names_what_was_withdrawn(client, cast, month):
    withdrawn(cast)
    enter(client, cast.members["billing"])
    text = client.get(reverse("month_page", args=[month])).content.decode()
    assert "取り下げた月" in text
    assert "2回目の締め" not in text
    assert "締めたあとの訂正 1回" in text
    assert client.get(reverse("month_xlsx", args=[month])).status_code == 200


def test_what_changes_is_shown_and_the_rest_folded(client, cast):
    redo = redo_of(cast.person_month, cast.today)
    assert redo.changed_lines == tuple(each for each in redo.lines if each.is_sum)
    enter(client, cast.members["billing"])
    page = client.get(reverse("month_correct", args=[cast.person_month.public_id]))
    assert f"変わらない行 {len(redo.same_lines)}行" in page.content.decode()
    other_tier(cast)
    redo = redo_of(cast.person_month, cast.today)
    assert {*redo.changed_lines, *redo.same_lines} == set(redo.lines)
    assert all(each.change for each in redo.changed_lines)
    assert not any(each.change for each in redo.same_lines)
