"""報酬表の取り込み: what the file is, and the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.actions.fee_table import Head
from billing.enums import FeeImportKind
from billing.models import FeeTableImport, TariffConfirmation
from billing.queries.fee_tables import confirmation_in, scheme, span_problems, waiting_like
from billing.rules import fee_months
from billing.rules.fee_table import COLUMNS, Fault, FeeRow, ReadRows, read_rows
from billing.tariffs import FeeTables, Tariff, packaged
from teikyaku.fields import MonthField
from teikyaku.periods import Month
from teikyaku.table_files import MAX_BYTES, Table, read_table

# Other headings that mean a column, beside the template's own.
_ALSO = {
    "item": ("項目名", "名称", "サービス内容略称"),
    "tier": ("区分", "定着率の区分"),
    "factors": ("減算の組み合わせ", "減算"),
    "label": ("表示名",),
    "code": ("コード",),
    "amount": ("単位数", "単位", "率", "額", "合成単位数"),
    "first_month": ("開始月", "適用開始月"),
}
NAMES: dict[str, Sequence[str]] = {
    field: (label, *_ALSO.get(field, ()), field) for field, label in COLUMNS.items()
}
# Titles and groups of columns that people write above the headings.
LINES_ABOVE = 10
LONGEST_MONTHS = 120


class FeeTableForm(forms.Form):
    """報酬表の取り込み."""

    kind = forms.ChoiceField(
        label=_("取り込むもの"), choices=FeeImportKind.choices, widget=forms.RadioSelect,
        help_text=_("もう報酬表がある月には、サービスコードだけを取り込みます。額は変わりません。"),
    )  # fmt: skip
    title = forms.CharField(
        label=_("報酬表の名前"), max_length=80, required=False,
        help_text=_("新しい報酬表のとき。例：令和8年度報酬改定"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("短い名前"), max_length=40, required=False,
        help_text=_("新しい報酬表のとき。締めた月に残る名前です。例：R8"),
    )  # fmt: skip
    first_month = MonthField(label=_("最初の月"))
    last_month = MonthField(label=_("最後の月"))
    source = forms.CharField(
        label=_("根拠"), max_length=200, help_text=_("告示や通知、サービスコード表の名前と日付")
    )
    file = forms.FileField(
        label=_("ファイル"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
        help_text=_("XLSXかCSV（UTF-8でもシフトJISでも）。1MBまで。"),
        error_messages={"required": _("ファイルを選んでください。"),
                        "empty": _("ファイルに何も入っていません。"),
                        "invalid": _("ファイルを選んでください。")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, tables: FeeTables, takes_sample_codes: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._tables = tables
        self._scheme = scheme(takes_sample_codes=takes_sample_codes)
        self._holding: Tariff | None = None
        self._table: Table | None = None
        self.faults: tuple[Fault, ...] = ()
        self.rows: tuple[FeeRow, ...] = ()
        self.going_on: TariffConfirmation | None = None
        """What says that a table goes on into the months of a new one."""
        self.waiting: FeeTableImport | None = None
        """The same lines, which wait already."""

    def clean_file(self) -> Any:
        """The lines of the file; raises ValidationError that names what is wrong with it."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("ファイルが大きすぎます（1MBまで）。"))
        required = ["item", "amount"]
        if self.cleaned_data.get("kind") == FeeImportKind.CODES:
            required.append("code")
        self._table = read_table(
            file.read(), NAMES, required, takes_workbooks=True, head_within=LINES_ABOVE
        )
        return file

    def clean(self) -> dict[str, Any]:
        """Months that can take it, then every line of the file."""
        data = super().clean() or {}
        self._check_names(data)
        self._check_months(data)
        # Lines are compared with the table of these months: without months there is nothing to say.
        is_known = "kind" in data and not {"first_month", "last_month"} & set(self.errors)
        if self._table is not None and is_known:
            self._check_rows()
        return data

    def _check_names(self, data: dict[str, Any]) -> None:
        if data.get("kind") != FeeImportKind.TABLE:
            return
        for name in ("title", "name"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("新しい報酬表には要ります。"))
        if self._tables.named(data.get("name", "")) is not None:
            self.add_error("name", _("この短い名前の報酬表は、もうあります。"))

    def _check_months(self, data: dict[str, Any]) -> None:
        first, last = data.get("first_month"), data.get("last_month")
        if first is None or last is None or "kind" not in data:
            return
        if last < first:
            self.add_error("last_month", _("最後の月は最初の月以後にしてください。"))
            return
        months = Month.of(first), Month.of(last)
        if months[1] - months[0] >= LONGEST_MONTHS:
            self.add_error("last_month", _("10年までにしてください。"))
            return
        for problem in span_problems(self._tables, data["kind"], *months):
            self.add_error("first_month", problem)
        if data["kind"] == FeeImportKind.TABLE and "first_month" in self.errors:
            self.going_on = confirmation_in(*months)
        if data["kind"] == FeeImportKind.CODES and "first_month" not in self.errors:
            self._holding = fee_months.holding(self._tables, *months)

    def _check_rows(self) -> None:
        assert self._table is not None  # noqa: S101  (asked by the caller)
        lines = [(line.number, line.cells) for line in self._table.lines]
        data = self.cleaned_data
        first, last = Month.of(data["first_month"]), Month.of(data["last_month"])
        span = None if self._holding else (first, last)
        found: ReadRows = read_rows(lines, self._scheme, self._holding, span)
        self.faults, self.rows = found.faults, found.rows
        if self._holding is not None and not self.faults and not any(r.code for r in self.rows):
            self.add_error("file", _("サービスコードが一つも入っていません。"))
        if self.faults:
            text = _("直すところが%(n)dか所あります。下の表を見て直し、もう一度選んでください。")
            self.add_error("file", text % {"n": len(self.faults)})
        elif waiting := waiting_like(data["kind"], first, last, self.rows):
            self.waiting = waiting
            text = _("同じ内容の取り込みが、もう確認を待っています（%(who)s）。")
            self.add_error("file", text % {"who": waiting.recorded_by.user.name})

    @property
    def ignored(self) -> list[str]:
        """Headings that mean nothing here."""
        return self._table.ignored if self._table else []

    def head(self, *, is_sample: bool) -> Head:
        """What the action keeps about the file; codes take the names of the table they are for."""
        data = self.cleaned_data
        table = self._holding
        return Head(
            kind=data["kind"],
            name=table.name if table else data["name"],
            title=table.title if table else data["title"],
            first_month=data["first_month"],
            last_month=data["last_month"],
            source=data["source"],
            file_name=data["file"].name,
            is_sample=is_sample,
        )


class FeeTableWithdrawForm(forms.Form):
    """取り下げ, and why."""

    reason = forms.CharField(label=_("取り下げる理由"), max_length=200)


def after_packaged() -> date:
    """The month from which the product brings no table: where the next one usually begins."""
    return (packaged()[-1].last_month + 1).first_day
