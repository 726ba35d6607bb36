"""Fee table import: a fee table, or codes for one, that an operator brought as a file."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from billing.enums import FeeImportKind, FeeRowKind
from teikyaku.accounts.models import Membership
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap, Together
from teikyaku.frozen import FrozenModel
from teikyaku.reasons import Certainty

IN_FORCE = Q(confirmed_at__isnull=False, withdrawn_at__isnull=True)


class FeeTableImport(RecordedModel):
    """報酬表の取り込み one file: read by one person, in force once another has confirmed it.

    docs/rules.md §7: tables and codes 47xxxx are the operator's data, with months and source.
    """

    kind = models.CharField("取り込むもの", max_length=10, choices=FeeImportKind)
    file_name = models.CharField("ファイル名", max_length=120)
    name = models.CharField("報酬表の短い名前", max_length=40)
    title = models.CharField("報酬表の名前", max_length=80)
    first_month = models.DateField("最初の月")
    last_month = models.DateField("最後の月")
    source = models.CharField("根拠", max_length=200)
    is_sample = models.BooleanField("見本（本番では使えません）", default=False)
    confirmed_at = models.DateTimeField("確認した日時", null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who confirmed stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確認した人",
        editable=False,
    )
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who withdrew stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り下げた人",
        editable=False,
    )
    withdrawn_reason = models.CharField("取り下げの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "報酬表の取り込み"
        verbose_name_plural = "報酬表の取り込み"
        ordering = ["-pk"]
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="fee_table_first_month",
                violation_error_message="月の初日で保存します。",
            ),
            FirstOfMonth(
                field="last_month",
                name="fee_table_last_month",
                violation_error_message="月の初日で保存します。",
            ),
            DateOrder(
                first="first_month",
                last="last_month",
                name="fee_table_order",
                violation_error_message="最後の月は最初の月以後にしてください。",
            ),
            NoOverlap(
                fields=["kind"],
                starts="first_month",
                ends="last_month",
                condition=IN_FORCE,
                name="fee_table_no_overlap",
                violation_error_message="確認済みの取り込みと、月が重なっています。",
            ),
            Together(
                fields=["confirmed_at", "confirmed_by"],
                name="fee_table_confirmed_together",
                violation_error_message="確認の日時と確認者は一緒に記録します。",
            ),
            Together(
                fields=["withdrawn_at", "withdrawn_by"],
                name="fee_table_withdrawn_together",
                violation_error_message="取り下げの日時と人は一緒に記録します。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="fee_table_withdrawn_reason",
                violation_error_message="取り下げには理由が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="fee_table_two_people",
                violation_error_message="読み込んだ人とは別のシステム管理者が確認してください。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(kind="table") & IN_FORCE,
                name="fee_table_name_once",
                violation_error_message="この短い名前の報酬表は、もうあります。",
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        """Read in, and neither confirmed nor withdrawn."""
        return self.confirmed_at is None and self.withdrawn_at is None

    @property
    def is_in_force(self) -> bool:
        """Whether months are computed, or lines coded, by it."""
        return self.confirmed_at is not None and self.withdrawn_at is None

    @property
    def is_codes_only(self) -> bool:
        """Whether it brings codes for a table that stands by itself."""
        return self.kind == FeeImportKind.CODES


class FeeTableRow(FrozenModel):
    """報酬表の行 one line as it was read: never changed, another import takes its place."""

    table = models.ForeignKey(
        FeeTableImport,
        on_delete=models.PROTECT,  # what was read stays what it was
        related_name="rows",
        verbose_name="報酬表の取り込み",
    )
    position = models.PositiveSmallIntegerField("順")
    what = models.CharField("種類", max_length=20, choices=FeeRowKind)
    item = models.CharField("項目", max_length=40)
    tier = models.CharField("就労定着率の区分", max_length=2, blank=True)
    factors = models.CharField("かける減算", max_length=200, blank=True)
    """Item keys, separated by commas, in the order of the calculation."""
    label = models.CharField("表示する名前", max_length=80)
    code = models.CharField("サービスコード", max_length=6, blank=True)
    amount = models.DecimalField("単位数・率", max_digits=7, decimal_places=2)
    certainty = models.CharField(
        "確かさ", max_length=1, choices=[(each.value, each.label) for each in Certainty]
    )
    first_month = models.DateField("最初の月", null=True, blank=True)

    class Meta:
        verbose_name = "報酬表の行"
        verbose_name_plural = "報酬表の行"
        ordering = ["table", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "position"],
                name="fee_table_row_once",
                violation_error_message="行の順が重なっています。",
            ),
            models.UniqueConstraint(
                fields=["table", "item", "tier", "factors"],
                name="fee_table_row_item_once",
                violation_error_message="同じ項目の行が二つあります。",
            ),
            models.UniqueConstraint(
                fields=["table", "code"],
                condition=~Q(code=""),
                name="fee_table_row_code_once",
                violation_error_message="同じサービスコードの行が二つあります。",
            ),
            FirstOfMonth(
                field="first_month",
                name="fee_table_row_first_month",
                violation_error_message="月の初日で保存します。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.code}".strip()
