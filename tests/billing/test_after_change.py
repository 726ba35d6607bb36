"""What follows a withdrawn month is said as steps of the month and in the claim calendar, until it is done."""

from django.urls import reverse

from billing.actions.correction import record_petition
from billing.actions.notice_withdrawal import withdraw_notice
from billing.queries.after_change import due_after, steps_after
from billing.queries.claim_payment_sums import claim_payment_sums
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import who, withdrawn
from tests.billing.test_correction_claims import month  # noqa: F401
from tests.billing.test_notice_withdrawals import notice  # noqa: F401

DEDUCTION, NOTICE = "過誤調整（国保連が差し引く）", "代理受領通知書の取り消し"


def labels(cast, row):
    return [each["label"] for each in steps_after(cast.office, [row.line])[row.line]]


def calendar(cast):
    sums = claim_payment_sums(cast.office)
    return [
        (each.label.partition("（")[0], each.count)
        for each in due_after(cast.office, sums.to_deduct, sums.to_deduct_yen)
    ]


def test_a_withdrawn_month_until_all_is_done(cast, notice):  # noqa: F811
    assert calendar(cast) == []
    assert labels(cast, cast.person_month) == []
    row = withdrawn(cast)
    assert labels(cast, row) == [NOTICE]
    record_petition(correction=row.correction, filed_on=cast.today, **who(cast))
    paid = f"{cast.person_month.benefit_yen:,}円"
    assert labels(cast, row) == [DEDUCTION, NOTICE]
    assert steps_after(cast.office, [row.line])[row.line][0]["note"] == paid
    assert calendar(cast) == [
        ("国保連が差し引く過誤調整", f"1人　{paid}"), ("取り消す代理受領通知書", "1通"),
    ]  # fmt: skip
    withdraw_notice(notice=notice, **who(cast))
    assert labels(cast, row) == [DEDUCTION]
    assert [label for label, _count in calendar(cast)] == ["国保連が差し引く過誤調整"]
    # Another office is told nothing of it.
    assert steps_after(cast.other_office, [row.line])[row.line] == []


def test_who_only_reads_gets_no_link_to_a_form(cast, notice):  # noqa: F811
    row = withdrawn(cast)
    record_petition(correction=row.correction, filed_on=cast.today, **who(cast))
    step, _notice = steps_after(cast.office, [row.line], may_write=False)[row.line]
    assert step["url"] == ""


def test_the_pages(cast, notice, client):  # noqa: F811
    row = withdrawn(cast)
    enter(client, cast.members["billing"])
    text = client.get(reverse("person_month_page", args=[row.public_id])).content.decode()
    assert "このあとすること" in text
    assert NOTICE in text
    assert "取り消す代理受領通知書" in client.get(reverse("after_close")).content.decode()
