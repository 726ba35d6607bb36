"""報酬表の取り込み: read by one, confirmed by another, computed by from then on."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.actions.fee_table import hold_fee_table, withdraw_fee_table
from billing.actions.month import close_month
from billing.actions.office import (
    confirm_tariff,
    correct_confirmation,
    hold_confirmation,
    notify_item,
)
from billing.models import FeeTableImport, MonthClosing, TariffConfirmation
from billing.queries.fee_tables import fee_tables, others_who_confirm
from billing.queries.month import month_board
from billing.queries.office_month import office_month
from billing.queries.service_codes import month_codes
from billing.tariffs import CodeKey, NoTariff
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.frozen import FrozenRowError
from teikyaku.periods import Month
from tests.billing.fees import JUNE, confirm, read_codes, read_table

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
ONLY = pytest.mark.django_db


@pytest.fixture
def free(cast):
    """Nobody has confirmed that R6 goes on: from June 2026 there is no table."""
    TariffConfirmation.objects.all().delete()
    return cast


def who(cast, key="admin2"):
    return {"by": cast.members[key], "at": at_noon(cast.today)}


def test_a_table_holds_once_a_second_person_has_confirmed_it(free):
    table = read_table(free, changed={"t80": "2800"})
    assert table.is_waiting
    with pytest.raises(NoTariff):
        fee_tables().of(Month(2026, 6))
    confirm(free, table)
    found = fee_tables().of(Month(2026, 6))
    assert (found.name, found.tier("80").units, found.source) == ("R8", 2800, "告示")
    assert found.imported_as == table.public_id
    # The month before is computed as ever, and the month after the last has none.
    assert fee_tables().of(Month(2026, 5)).tier("80").units == 2768
    with pytest.raises(NoTariff, match="2027年4月"):
        fee_tables().of(Month(2027, 4))
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"fee_table_read", "fee_table_confirmed"} <= verbs


def test_amounts_come_back_in_the_spelling_of_the_product(free):
    confirm(free, read_table(free))
    imported, own = fee_tables().of(Month(2026, 6)), fee_tables().of(Month(2026, 5))
    assert {k: str(i.amount) for k, i in imported.items.items()} == {
        k: str(i.amount) for k, i in own.items.items()
    }
    assert list(imported.items) == list(own.items)


def test_who_read_it_cannot_confirm_it(free):
    table = read_table(free)
    with pytest.raises(ValidationError, match="自分では確認できません"):
        confirm(free, table, "admin")
    with pytest.raises(IntegrityError), transaction.atomic():
        FeeTableImport.objects.filter(pk=table.pk).update(
            confirmed_by=free.members["admin"], confirmed_at=at_noon(free.today)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        FeeTableImport.objects.filter(pk=table.pk).update(confirmed_at=at_noon(free.today))
    with pytest.raises(IntegrityError), transaction.atomic():
        FeeTableImport.objects.filter(pk=table.pk).update(
            withdrawn_by=free.members["admin"], withdrawn_at=at_noon(free.today)
        )
    table.refresh_from_db()
    assert table.is_waiting


def test_it_is_answered_once(free):
    table = read_table(free)
    confirm(free, table)
    with pytest.raises(ValidationError, match="もう確認されています"):
        confirm(free, table)
    withdraw_fee_table(table=table, reason="読み違い", **who(free))
    with pytest.raises(ValidationError, match="もう取り下げられています"):
        withdraw_fee_table(table=table, reason="もう一度", **who(free))
    with pytest.raises(ValidationError, match="もう取り下げられています"):
        confirm(free, table)
    with pytest.raises(NoTariff):
        fee_tables().of(Month(2026, 6))
    with pytest.raises(ValidationError, match="たったいま取り下げられました"), transaction.atomic():
        hold_fee_table(table.public_id)


def test_a_withdrawal_needs_its_reason(free):
    with pytest.raises(ValidationError, match="理由"):
        withdraw_fee_table(table=read_table(free), reason="", **who(free))


def test_rows_are_never_changed(free):
    row = confirm(free, read_table(free)).rows.first()
    row.amount = 1
    with pytest.raises(FrozenRowError):
        row.save()
    with pytest.raises(FrozenRowError):
        row.delete()
    with pytest.raises(FrozenRowError):
        row.table.rows.update(code="479999")


def test_a_table_replaces_none(cast):
    """R6 goes on in the cast: a table for those months, or for the product's own, is refused."""
    for first, words in (
        (JUNE, "2026年6月〜.*続くと確認"),
        (MAY, "2026年5月には、もう報酬表があります"),
    ):
        with pytest.raises(ValidationError, match=words):
            confirm(cast, read_table(cast, first=first))
    assert fee_tables().of(Month(2026, 6)).name == "R6"


def test_two_imports_for_one_month_are_refused_by_the_database_too(free):
    first, second = read_table(free), read_table(free, first=date(2027, 3, 1), last=date(2027, 5, 1),
                                                 name="R9")  # fmt: skip
    confirm(free, first)
    with pytest.raises(ValidationError, match="2027年3月には、もう報酬表があります"):
        confirm(free, second)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeeTableImport.objects.filter(pk=second.pk).update(
            confirmed_by=free.members["admin2"], confirmed_at=at_noon(free.today)
        )


def test_a_table_goes_on_only_up_to_an_imported_one(free):
    confirm(free, read_table(free, first=date(2026, 10, 1)))
    facts = {"tariff": "R6", "first_month": JUNE, "source": "告示", "is_sample": False}
    with pytest.raises(ValidationError, match="2026年10月からは、取り込んだ報酬表") as error:
        confirm_tariff(**facts, last_month=None, **who(free))
    assert "last_month" in error.value.error_dict
    row = confirm_tariff(**facts, last_month=date(2026, 9, 1), **who(free))
    with pytest.raises(ValidationError, match="2026年10月"):
        correct_confirmation(row=row, changes={"last_month": None}, reason="つづく", **who(free))
    assert fee_tables().of(Month(2026, 9)).name == "R6"
    assert fee_tables().of(Month(2026, 10)).name == "R8"


def test_a_confirmation_keeps_the_months_that_were_closed_by_it(cast):
    """R6 goes on in the cast without an end, and the month before the last was closed by it."""
    row, closed = TariffConfirmation.objects.get(), Month.of(cast.person_month.month)

    def correct(**changes):
        correct_confirmation(row=row, changes=changes, reason="次の改定", **who(cast))

    assert Month.of(row.first_month) <= closed
    with pytest.raises(ValidationError, match=f"締めた月（{closed.label}）"):
        correct(last_month=(closed - 1).first_day)
    with pytest.raises(ValidationError, match="締めた月"):
        correct(first_month=(closed + 1).first_day)
    row.refresh_from_db()
    assert row.last_month is None
    correct(last_month=closed.first_day)
    row.refresh_from_db()
    assert Month.of(row.last_month) == closed


def test_a_close_holds_the_confirmation_that_it_computes_by(cast):
    month = Month.of(cast.today)
    with transaction.atomic():
        hold_confirmation("R6", month)
    TariffConfirmation.objects.update(last_month=(month - 1).first_day)
    with pytest.raises(ValidationError, match="たったいま"), transaction.atomic():
        hold_confirmation("R6", month)


def test_an_imported_table_goes_on_when_it_is_confirmed(free):
    confirm(free, read_table(free))
    confirm_tariff(
        tariff="R8", first_month=date(2027, 4, 1), last_month=None, source="通知", is_sample=False,
        **who(free),
    )  # fmt: skip
    assert fee_tables().of(Month(2028, 1)).title == "令和8年度（R8）"


def test_codes_come_to_the_months_of_the_product_and_change_nothing_else(cast):
    before = fee_tables().of(Month(2026, 4))
    table = read_codes(cast, APRIL, MAY)
    assert month_codes(Month(2026, 4)).codes == {}
    confirm(cast, table)
    found = month_codes(Month(2026, 4))
    assert (found.missing, found.is_sample) == ((), True)
    assert found.codes[CodeKey("base", "80")].startswith("ZZ")
    assert (found.table.tiers, found.table.items) == (before.tiers, before.items)
    assert not found.table.is_sample  # the amounts are real
    assert len(month_codes(Month(2026, 3)).missing) == 64
    more = read_codes(cast, MAY, JUNE)
    with pytest.raises(ValidationError, match="2026年5月には、もうサービスコードの取り込み"):
        confirm(cast, more)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeeTableImport.objects.filter(pk=more.pk).update(
            confirmed_by=cast.members["admin2"], confirmed_at=at_noon(cast.today)
        )


def test_codes_that_no_longer_fit_are_refused_at_the_second_look(cast):
    """The table was there when the codes were read, and is another one by now."""
    table = read_codes(cast, JUNE, JUNE)
    TariffConfirmation.objects.all().delete()
    with pytest.raises(ValidationError, match="2026年6月の報酬表がありません"):
        confirm(cast, table)
    confirm(cast, read_table(cast, changed={"t80": "2800"}))
    with pytest.raises(ValidationError, match="2,800単位"):
        confirm(cast, table)


def test_an_item_that_the_office_notified_and_the_table_lacks_holds_the_month(free):
    notify_item(
        office=free.office, item="special_area", first_month=JUNE, last_month=None,
        notified_on=JUNE, **who(free, "head"),
    )  # fmt: skip
    table = read_table(free)
    rows = table.rows.filter(item="special_area")
    type(table.rows.all()).__mro__[1].delete(rows)  # as if the sheet had not had the line
    confirm(free, table)
    found = office_month(free.office, Month(2026, 6))
    assert found.tariff is None
    assert "特別地域加算" in found.tariff_problem
    board = month_board(free.office, Month(2026, 6), free.today)
    assert board.ready == []


def test_a_month_is_closed_by_an_imported_table_which_then_stays(cast, settings):
    """The cast's month is closed by R6 already; the one of the other office is not."""
    TariffConfirmation.objects.all().delete()
    month = Month.of(cast.today) - 1
    table = read_table(cast, first=month.first_day, last=month.first_day)
    confirm(cast, table)
    assert MonthClosing.objects.filter(tariff="R8").count() == 0
    closing = close_month(office=cast.other_office, month=month, **who(cast, "outsider"))
    assert closing.tariff == "R8"
    with pytest.raises(ValidationError, match="この報酬表で締めた月があります"):
        withdraw_fee_table(table=table, reason="まちがい", **who(cast))
    # Codes are not part of what is frozen: wrong ones are taken back and come anew.
    codes = read_codes_of(cast, month)
    withdraw_fee_table(table=confirm(cast, codes), reason="まちがい", **who(cast))


def read_codes_of(cast, month):
    table = read_codes(cast, month.first_day, month.first_day)
    FeeTableImport.objects.filter(pk=table.pk).update(name="R8")
    table.refresh_from_db()
    return table


def test_production_closes_no_month_with_a_sample(cast, settings):
    TariffConfirmation.objects.all().delete()
    month = Month.of(cast.today) - 1
    at = {"office": cast.other_office, "month": month, **who(cast, "outsider")}
    settings.MODE = "production"
    table = confirm(
        cast, read_table(cast, first=month.first_day, last=month.first_day, is_sample=True)
    )
    with pytest.raises(ValidationError, match="見本の報酬表"):
        close_month(**at)
    withdraw_fee_table(table=table, reason="見本だった", **who(cast))
    confirm(cast, read_table(cast, first=month.first_day, last=month.first_day))
    codes = confirm(cast, read_codes_of(cast, month))
    with pytest.raises(ValidationError, match="見本のサービスコード"):
        close_month(**at)
    withdraw_fee_table(table=codes, reason="見本だった", **who(cast))
    assert close_month(**at).tariff == "R8"


def test_the_tables_cost_two_queries_however_many(cast, django_assert_num_queries):
    confirm(cast, read_codes(cast, APRIL, APRIL))
    confirm(cast, read_codes(cast, MAY, MAY))
    with django_assert_num_queries(2):
        tables = fee_tables()
    with django_assert_num_queries(0):
        assert len(tables.codes) == 2


def test_who_else_may_confirm(cast):
    admin = cast.members["admin"]
    assert others_who_confirm(admin.user_id, cast.today) == ["職員 admin2"]
    second = cast.members["admin2"]
    second.ends_on = cast.today.replace(year=cast.today.year - 1)
    second.save()
    assert others_who_confirm(admin.user_id, cast.today) == []
