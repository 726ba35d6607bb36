"""What the papers of April say, against the sheet: every figure, and why it is that one."""

from __future__ import annotations

from datetime import date

from billing.actions.claim_file import make_claim_files
from billing.actions.claim_payment import record_claim_payments
from billing.actions.invoice import issue_invoices
from billing.actions.proxy_notice import issue_notices
from billing.models import Invoice, ProxyNotice
from billing.queries.month_story import rows_of_line, story_of
from teikyaku.clock import at_noon
from tests.billing.hand.compared import close, people
from tests.billing.hand.sheet import DESKS
from tests.billing.hand.world import APRIL, number_of

JUNE = date(2026, 6, 1)
# The sentence that says how the amount came about.
WHY = {
    "plain": "1割が上限より少ないので、お支払いは 3,512円 です。",
    "exactly_the_cap": "1割が上限と同じなので、お支払いは 3,512円 です。",
    "one_yen_less": "1割が上限より多いので、お支払いは上限の 3,511円 です。",
    "half_subsidised": "1割が上限より少ないので、利用者負担額は 3,512円 です。",
    "result_2": "合わせても上限までなので、調整はありません（上限額管理）。お支払いは 3,512円 です。",
    "result_3": "合わせると上限を超えるので、合計が上限になるように調整しました（上限額管理）。お支払いは 1,000円 です。",
    # The sum of the three was adjusted, though ours stays as it was.
    "three_offices": "合わせると上限を超えるので、合計が上限になるように調整しました（上限額管理）。お支払いは 3,662円 です。",
    "fills_it": "この事業所の分だけで上限になるので、ほかの事業所でのお支払いはありません（上限額管理）。お支払いは 3,000円 です。",
    "to_the_yen": "合わせても上限までなので、調整はありません（上限額管理）。お支払いは 3,662円 です。",
}  # fmt: skip


def invoices(world, desk):
    """The frozen content of every invoice of April, by certificate number."""
    issue_invoices(closing=close(world, desk), **world.who(desk))
    papers = Invoice.objects.filter(person_month__closing__office=world.offices[desk])
    contents = [each.document.content for each in papers.select_related("document")]
    return {each["person"]["certificate_number"]: each for each in contents}


def test_every_figure_of_every_invoice(world):
    for desk, own in DESKS.items():
        found = invoices(world, desk)
        for number, row in people(desk):
            subsidy = row.subsidy[2] if row.subsidy else 0
            if row.decided == subsidy:
                assert number not in found  # who pays nothing gets no invoice
                continue
            paper = found.pop(number)
            assert [line["total_units"] for line in paper["lines"]] == [
                units for _kind, _factors, units in row.lines
            ]
            names = ("total_units", "unit_price", "total_cost_yen", "one_tenth_yen", "cap_yen",
                     "copayment_yen", "managed_yen", "subsidy_yen", "amount_yen", "benefit_yen")  # fmt: skip
            assert [paper[name] for name in names] == [
                row.units, own.price, row.total, row.tenth, row.cap, row.decided,
                row.managed[2] if row.managed else None, subsidy, row.decided - subsidy, row.benefit,
            ], number  # fmt: skip
        assert found == {}


def test_why_it_is_this_amount(world):
    found = invoices(world, "95")
    for key, words in WHY.items():
        assert found[number_of(key)]["why"][2].endswith(words), key


def test_a_notice_tells_the_benefit_without_the_subsidy(world):
    close(world, "95")
    claim = make_claim_files(office=world.offices["95"], month=APRIL, **world.who("95"))[0]
    entries = claim.entries.select_related("person_month")
    paid = {
        each.pk: each.person_month.benefit_yen + each.person_month.subsidy_yen for each in entries
    }
    who = {"by": world.staff["95"], "at": at_noon(JUNE)}
    record_claim_payments(file=claim, paid_on=JUNE, amounts=paid, **who)
    issue_notices(office=world.offices["95"], month=APRIL, **who)
    row = entries.get(person_month__enrolment=world.people["half_subsidised"]).person_month
    notice = ProxyNotice.objects.get(payment__entry__person_month=row)
    # 31,608 + 1,756 = 33,364 came; 31,608 of it is what the office took for the person.
    assert notice.payment.amount_yen == 33_364
    assert notice.document.content["amount_yen"] == 31_608
    details = [
        each.detail
        for each in story_of(rows_of_line(row), [], [], [])
        if "代理受領通知書" in each.title
    ]
    assert [each.split("　")[0] for each in details] == ["31,608円"]
