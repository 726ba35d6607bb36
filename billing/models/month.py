"""The closed month: frozen rows that explain themselves."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from billing.enums import ClosingKind
from billing.models.cap_management import CapResult
from clients.models import Client, Enrolment
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.accounts.models.base import PublicModel
from teikyaku.constraints import FirstOfMonth, OneLine
from teikyaku.frozen import FrozenModel, FrozenQuerySet

# The rows of one person's month at one office: the key of the use, the first day of the month.
MonthLine = tuple[int, date]


class MonthClosing(FrozenModel, PublicModel):
    """月の締め one run for office × month; held people come later as a run with the next number.

    So does a correction: a run of its own with one person in it.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="closings",
        verbose_name="事業所",
    )
    month = models.DateField("サービス提供月")
    number = models.PositiveSmallIntegerField("回", default=1)
    kind = models.CharField(
        "種類",
        max_length=20,
        choices=ClosingKind,
        default=ClosingKind.REGULAR,
        db_default=ClosingKind.REGULAR.value,
    )
    closed_at = models.DateTimeField("締めた日時")
    closed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who closed stays known
        related_name="+",
        verbose_name="締めた人",
    )
    tariff = models.CharField("報酬表", max_length=40)
    is_sample_tariff = models.BooleanField("見本の報酬表", default=False)
    digest = models.CharField("検査値", max_length=64)

    class Meta:
        verbose_name = "月の締め"
        verbose_name_plural = "月の締め"
        ordering = ["month", "number"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="month_closing_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.UniqueConstraint(
                fields=["office", "month", "number"],
                name="month_closing_once",
                violation_error_message="この月は、たったいま別の人が締めました。",
            ),
        ]


class PersonMonthQuerySet(FrozenQuerySet):
    """Questions about people's months."""

    def newest(self) -> PersonMonthQuerySet:
        """The last row of each line at an office: what stands, and what was withdrawn."""
        return self.filter(replaced_by=None)

    def standing(self) -> PersonMonthQuerySet:
        """Those that count: not replaced by a correction, and not withdrawn."""
        return self.filter(standing_q())


def standing_q(path: str = "") -> Q:
    """`PersonMonthQuerySet.standing` as seen from elsewhere: `path` leads to the month."""
    before = f"{path}__" if path else ""
    return Q(**{f"{before}replaced_by": None, f"{before}is_withdrawn": False})


class PersonMonth(FrozenModel, PublicModel):
    """利用者の月 what one person's month came to: units, total cost, copayment, benefit (yen).

    A row never changes. A correction (過誤・再請求) is the next row, which `replaces` the old one; a
    row that `is_withdrawn` says that the month counts for nothing. `edition` numbers the rows of a
    person's month at all offices: whoever writes has seen the last one.
    """

    closing = models.ForeignKey(
        MonthClosing,
        on_delete=models.PROTECT,  # money
        related_name="person_months",
        verbose_name="月の締め",
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # money
        related_name="person_months",
        verbose_name="利用",
    )
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # money
        related_name="person_months",
        verbose_name="利用者",
    )
    month = models.DateField("サービス提供月")
    edition = models.PositiveSmallIntegerField("版", default=1, db_default=1)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,  # what was corrected stays readable
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="訂正前の月",
        error_messages={"unique": "この月は、たったいま別の人が訂正しました。"},
    )
    is_withdrawn = models.BooleanField("取り下げ", default=False, db_default=False)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # the payer of that month
        related_name="+",
        verbose_name="支給決定市町村",
    )
    certificate_number = models.CharField("受給者証番号", max_length=10)
    units = models.PositiveIntegerField("単位数")
    unit_price = models.DecimalField("単価（円）", max_digits=5, decimal_places=3)
    total_cost_yen = models.PositiveIntegerField("総費用額（円）")
    one_tenth_yen = models.PositiveIntegerField("1割（円）")
    cap_yen = models.PositiveIntegerField("負担上限月額（円）")
    cap_result = models.ForeignKey(
        CapResult,
        on_delete=models.PROTECT,  # money: the month was computed with it
        null=True,
        blank=True,
        related_name="person_months",
        verbose_name="上限額管理結果",
    )
    copayment_yen = models.PositiveIntegerField("利用者負担額（円）")
    benefit_yen = models.PositiveIntegerField("給付費（円）")
    # What somebody else pays of the copayment; the copayment itself stays as it was decided.
    subsidy_municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who pays a part of that month
        null=True,
        blank=True,
        related_name="+",
        verbose_name="助成する市町村",
    )
    subsidy_yen = models.PositiveIntegerField("自治体助成額（円）", default=0)

    objects = PersonMonthQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "利用者の月"
        verbose_name_plural = "利用者の月"
        ordering = ["pk"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="person_month_month",
                violation_error_message="月の初日で保存します。",
            ),
            # docs/rules.md §7: one base fee per person and month, also when two offices served it.
            models.UniqueConstraint(
                fields=["client", "month", "edition"],
                name="person_month_once",
                violation_error_message="この方のこの月は、たったいま別に締められました。",
            ),
            OneLine(
                fields=["client", "month"],
                own="enrolment",
                number="edition",
                replaces="replaces",
                ended="is_withdrawn",
                name="person_month_line",
                violation_error_message="この方のこの月は、ほかに請求できる月が締められています。",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(edition__gt=1),
                name="person_month_first_replaces_none",
                violation_error_message="最初の版は、ほかの版を訂正しません。",
            ),
            models.CheckConstraint(
                condition=Q(is_withdrawn=False)
                | Q(replaces__isnull=False, units=0, total_cost_yen=0),
                name="person_month_withdrawn_is_nothing",
                violation_error_message="取り下げた月は0円です。",
            ),
            models.CheckConstraint(
                condition=Q(total_cost_yen=F("copayment_yen") + F("benefit_yen")),
                name="person_month_sums",
                violation_error_message="総費用額と、負担額・給付費の合計が合いません。",
            ),
            models.CheckConstraint(
                condition=Q(copayment_yen__lte=F("cap_yen"))
                & Q(copayment_yen__lte=F("one_tenth_yen")),
                name="person_month_copayment_capped",
                violation_error_message="利用者負担額が上限か1割を超えています。",
            ),
            models.CheckConstraint(
                condition=models.Q(subsidy_yen=0, subsidy_municipality=None)
                | models.Q(
                    subsidy_yen__gt=0,
                    subsidy_municipality__isnull=False,
                    subsidy_yen__lte=models.F("copayment_yen"),
                ),
                name="person_month_subsidy_of_copayment",
                violation_error_message="助成は、助成する市町村と一緒に、利用者負担額まで入れます。",
            ),
        ]

    @property
    def line(self) -> MonthLine:
        """What money hangs on: the person's month at the office, whichever row of it."""
        return self.enrolment_id, self.month

    @property
    def claimed_yen(self) -> int:
        """What 国保連 is asked for: the benefit and the subsidy."""
        return self.benefit_yen + self.subsidy_yen

    @property
    def payable_yen(self) -> int:
        """What the person pays: the copayment less the subsidy."""
        return self.copayment_yen - self.subsidy_yen


class PersonMonthLine(FrozenModel):
    """明細 one line of the calculation, with its rule and source."""

    person_month = models.ForeignKey(
        PersonMonth,
        on_delete=models.PROTECT,  # money
        related_name="lines",
        verbose_name="利用者の月",
    )
    position = models.PositiveSmallIntegerField("順")
    kind = models.CharField("種類", max_length=40)
    label = models.CharField("項目", max_length=80)
    units = models.IntegerField("単位数")
    times = models.PositiveSmallIntegerField("回数", default=1)
    total_units = models.IntegerField("合計単位数")
    expression = models.CharField("計算", max_length=200, blank=True)
    rule = models.CharField("規則", max_length=120)
    source = models.CharField("根拠", max_length=200)
    certainty = models.CharField("確かさ", max_length=1)

    class Meta:
        verbose_name = "明細"
        verbose_name_plural = "明細"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["person_month", "position"],
                name="person_month_line_once",
                violation_error_message="明細の順が重なっています。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.total_units}"
