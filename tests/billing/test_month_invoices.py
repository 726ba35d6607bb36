"""請求書 of many people at once: the same papers as one by one, few queries, one file to print."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.invoice import issue_invoice, issue_invoices
from billing.actions.month import close_month
from billing.models import Invoice
from billing.queries.month_invoices import invoice_file, invoice_files
from clients.models import RelatedPerson, Residence
from teikyaku.accounts.models import AuditEvent, IssuedDocument
from teikyaku.frozen import digest
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import at_noon, ready_person


@pytest.fixture
def closing(cast):
    """Last month closed for three people, no invoices yet."""
    worker, manager = cast.members["worker"], cast.members["manager"]
    for n in range(2):
        ready_person(
            cast, cast.office, worker, manager, f"400000000{n}", name=f"髙橋 {n}", kana="たかはし"
        )  # fmt: skip
    return close_month(office=cast.office, month=Month.of(cast.today) - 1, **who(cast))


def who(cast):
    return {"by": cast.members["billing"], "at": at_noon(cast.today)}


def test_many_at_once_are_what_each_alone_is(cast, closing):
    rows = list(closing.person_months.order_by("pk"))
    alone = issue_invoice(person_month=rows[0], **who(cast))
    together = issue_invoices(closing=closing, **who(cast))
    assert [each.person_month_id for each in together] == [row.pk for row in rows]
    assert together[0] == alone  # an issued one stays as it is
    first, second = (each.document.content for each in together[:2])
    assert first.keys() == second.keys()
    assert second["lines"] == first["lines"]
    assert second["person"]["name"] == "髙橋 0"
    stored = IssuedDocument.objects.get(pk=together[1].document_id)
    assert stored.digest == digest(stored.content)
    assert (stored.kind, stored.template, stored.person_id) == (
        "invoice", "invoice", rows[1].client.public_id
    )  # fmt: skip
    lines = AuditEvent.objects.filter(verb="invoice_issued", subject_id=together[1].public_id)
    assert lines.get().person_id == rows[1].client.public_id


def test_safe_to_run_again(cast, closing):
    first = issue_invoices(closing=closing, **who(cast))
    assert issue_invoices(closing=closing, **who(cast)) == first
    assert Invoice.objects.filter(person_month__closing=closing).count() == len(first) == 3


def test_another_office_issues_nothing(cast, closing):
    by = {**who(cast), "by": cast.members["outsider"]}
    with pytest.raises(ValidationError, match="この事業所の月ではありません"):
        issue_invoices(closing=closing, **by)
    assert not Invoice.objects.filter(person_month__closing=closing).exists()


def test_more_people_cost_no_more_queries(cast, closing):
    with CaptureQueriesContext(connection) as found:
        issue_invoices(closing=closing, **who(cast))
    assert len(found) <= 30, [each["sql"][:80] for each in found]


def test_whom_another_office_named_gets_no_paper(cast, closing):
    row = closing.person_months.order_by("pk").first()
    named = {
        "client": row.client, "kind": "parent", "address": "別の町1-1", "is_payer": True,
        "starts_on": cast.today.replace(year=cast.today.year - 1, day=1),
    }  # fmt: skip
    outsider = {"recorded_by": cast.members["outsider"], "recorded_at": at_noon(cast.today)}
    RelatedPerson.objects.create(name="試験 花子", **outsider, **named)
    alone = issue_invoices(closing=closing, **who(cast))[0]
    assert alone.document.content["addressee"]["name"] == alone.document.content["person"]["name"]


def test_all_in_one_file_and_no_protected_address(cast, closing):
    Residence.objects.create(
        client=closing.person_months.order_by("pk").first().client, municipality=cast.wards[2],
        postal_code="951-0000", address="本町1-1", starts_on=cast.enrolment.starts_on,
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    issue_invoices(closing=closing, **who(cast))
    month = Month.of(closing.month)
    file = invoice_file(cast.office, month, cast.today, 1)
    assert len(file["papers"]) == 3
    assert invoice_file(cast.office, month, cast.today, 2) is None
    parts = invoice_files(cast.office, month, cast.today, 2)
    assert [len(each["papers"]) for each in parts] == [2, 1]
    assert "本町1-1" in addresses(file)
    Residence.objects.update(is_protected=True)
    assert "本町1-1" not in addresses(invoice_file(cast.office, month, cast.today, 1))


def addresses(file):
    return str([each["addressee"]["address"] for each in file["papers"]])


def test_the_page(cast, closing, client):
    enter(client, cast.members["billing"])
    month = Month.of(closing.month)
    answer = client.get(reverse("invoices_pdf", args=[month]))
    assert answer["Location"] == reverse("month_page", args=[month])
    issue_invoices(closing=closing, **who(cast))
    answer = client.get(reverse("invoices_pdf", args=[month]), {"part": "x"})
    assert answer.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(verb="invoices_exported").count() == 1
    assert (
        reverse("invoices_pdf", args=[month])
        in client.get(reverse("month_page", args=[month])).content.decode()
    )
