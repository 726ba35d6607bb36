"""Direct debit: whose account is debited by consent, the files for the bank, what came of them."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from billing.models.invoice import Invoice
from billing.models.payment import Payment
from billing.rules.direct_debit import DebitCode
from clients.models import Client
from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import PublicModel, RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap
from teikyaku.frozen import FrozenModel

SHOWN_DIGITS = 3


class AccountKind(models.TextChoices):
    """預金種目 by the code that a debit file writes."""

    ORDINARY = "1", "普通"
    CURRENT = "2", "当座"
    OTHER = "9", "その他"


def _digits(count: int) -> RegexValidator:
    return RegexValidator(rf"^\d{{{count}}}\Z", f"数字{count}桁です。")


class _BankAccount(RecordedModel):
    """An account at a bank, as a debit file names it; names in kana."""

    bank_code = models.CharField("金融機関コード", max_length=4, validators=[_digits(4)])
    bank_name = models.CharField("金融機関名（カナ）", max_length=15)
    branch_code = models.CharField("支店コード", max_length=3, validators=[_digits(3)])
    branch_name = models.CharField("支店名（カナ）", max_length=15)
    kind = models.CharField(
        "預金種目", max_length=1, choices=AccountKind, default=AccountKind.ORDINARY
    )
    number = models.CharField("口座番号", max_length=7, validators=[_digits(7)])

    class Meta:
        abstract = True

    @property
    def masked(self) -> str:
        """The number as pages show it: the last three digits alone."""
        return f"••••{self.number[-SHOWN_DIGITS:]}"


class DebitAccount(_BankAccount):
    """口座振替の口座 of a person, or of whoever pays for them, by a written consent."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # the consent was given to this office
        related_name="debit_accounts",
        verbose_name="事業所",
    )
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # personal data goes by the erasure
        related_name="debit_accounts",
        verbose_name="利用者",
    )
    holder_kana = models.CharField("口座名義（カナ）", max_length=30)
    consented_on = models.DateField("依頼書の日付")
    starts_on = models.DateField("使いはじめる日")
    ends_on = models.DateField("使いおわる日", null=True, blank=True)
    # Dated by the account itself: what its next file tells the bank follows from it.
    was_debited_before = models.BooleanField(
        "ほかのソフトで、この口座から振り替えたことがある", default=False, db_default=False
    )

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "口座振替の口座"
        verbose_name_plural = "口座振替の口座"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="debit_account_date_order",
                violation_error_message="使いおわる日は、使いはじめる日以後にしてください。",
            ),
            NoOverlap(
                fields=["office", "client"],
                name="debit_account_no_overlap",
                violation_error_message="この方の口座は、期間が重なっています。",
            ),
        ]


class DebitSetting(_BankAccount):
    """口座振替の委託者 of an office: its number and account at the bank that collects."""

    office = models.OneToOneField(
        Office,
        on_delete=models.PROTECT,  # the office's own contract
        related_name="debit_setting",
        verbose_name="事業所",
    )
    collector_code = models.CharField("委託者コード", max_length=10, validators=[_digits(10)])
    collector_name = models.CharField("委託者名（カナ）", max_length=40)
    ends_lines = models.BooleanField("レコードの終わりに改行（CR LF）を入れる", default=False)
    # What the bank agreed with the office; other banks, other days.
    usual_day = models.PositiveSmallIntegerField("毎月の振替日（日）", default=27, db_default=27)
    # Asked: 0 would promise, on the day of a paper, what no bank takes any more.
    lead_days = models.PositiveSmallIntegerField("ファイルを送る期限（振替日の何日前）")

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "口座振替の委託者"
        verbose_name_plural = "口座振替の委託者"
        constraints = [
            models.CheckConstraint(
                condition=Q(usual_day__gte=1, usual_day__lte=31),
                name="debit_setting_usual_day",
                violation_error_message="毎月の振替日は、1から31までです。",
            )
        ]


class DebitFile(FrozenModel, RecordedModel):
    """口座振替のファイル one file for the bank and one day; its first record as it was written."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="debit_files",
        verbose_name="事業所",
    )
    number = models.PositiveIntegerField("番号")
    debit_on = models.DateField("振替日")
    count = models.PositiveIntegerField("件数")
    total_yen = models.PositiveIntegerField("合計（円）")
    header = models.CharField("ヘッダーレコード", max_length=120)
    ends_lines = models.BooleanField("改行を入れる", default=False)

    class Meta:
        verbose_name = "口座振替のファイル"
        verbose_name_plural = "口座振替のファイル"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"],
                name="debit_file_number_once",
                violation_error_message="たったいま別の人がファイルを作りました。",
            )
        ]

    @property
    def name(self) -> str:
        """What the file is called; it names nobody."""
        return f"FURIKAE-{self.debit_on:%Y%m%d}-{self.number:03d}.txt"


class DebitEntry(FrozenModel, PublicModel):
    """口座振替の請求 one invoice in a file, as its record was written; pending until its result."""

    file = models.ForeignKey(
        DebitFile,
        on_delete=models.PROTECT,  # money
        related_name="entries",
        verbose_name="ファイル",
    )
    position = models.PositiveIntegerField("順")
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,  # money
        related_name="debit_entries",
        verbose_name="請求書",
    )
    amount_yen = models.PositiveIntegerField("請求する額（円）")
    record = models.CharField("データレコード", max_length=120)

    class Meta:
        verbose_name = "口座振替の請求"
        verbose_name_plural = "口座振替の請求"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "position"],
                name="debit_entry_position_once",
                violation_error_message="順が重なっています。",
            ),
            models.UniqueConstraint(
                fields=["file", "invoice"],
                name="debit_entry_invoice_once",
                violation_error_message="同じ請求書は、ファイルに1回だけ入ります。",
            ),
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0),
                name="debit_entry_amount_positive",
                violation_error_message="請求する額は1円以上です。",
            ),
        ]


class DebitResult(FrozenModel, RecordedModel):
    """口座振替の結果 what the bank said of one debit, and the payment that came of it."""

    entry = models.OneToOneField(
        DebitEntry,
        on_delete=models.PROTECT,  # money
        related_name="result",
        verbose_name="口座振替の請求",
        error_messages={"unique": "この結果は、たったいま別の人が読み込みました。"},
    )
    code = models.CharField(
        "結果コード", max_length=1, choices=[(each.value, each.label) for each in DebitCode]
    )
    payment = models.OneToOneField(
        Payment,
        on_delete=models.PROTECT,  # money
        null=True,
        blank=True,
        related_name="debit_result",
        verbose_name="入金",
    )

    class Meta:
        verbose_name = "口座振替の結果"
        verbose_name_plural = "口座振替の結果"
        ordering = ["pk"]


class DebitFileWithdrawal(FrozenModel, RecordedModel):
    """口座振替のファイルの取り下げ a file that was not sent, or taken back before its day."""

    file = models.OneToOneField(
        DebitFile,
        on_delete=models.PROTECT,  # money
        related_name="withdrawal",
        verbose_name="ファイル",
        error_messages={"unique": "このファイルは、たったいま別の人が取り下げました。"},
    )
    reason = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = "口座振替のファイルの取り下げ"
        verbose_name_plural = "口座振替のファイルの取り下げ"
        ordering = ["pk"]
