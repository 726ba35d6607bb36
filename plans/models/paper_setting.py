"""Paper setting: how a ward's papers are made out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models import Municipality
from teikyaku.accounts.models.base import RecordedModel


class PaperSetting(RecordedModel):
    """文書の設定 what a ward's certificate and letters carry; papers already made keep theirs."""

    municipality = models.OneToOneField(
        Municipality,
        on_delete=models.PROTECT,  # papers were made by it
        related_name="paper_setting",
        verbose_name="支給市町村",
    )
    seals_certificate = models.BooleanField(
        "印刷した受給者証に公印を押して交付する",
        default=False,
        help_text="チェックしないと、印刷した受給者証には「控」と入ります。",
    )
    signer = models.CharField(
        "文書の発信者", max_length=60, blank=True, help_text="例：見本市長。空欄なら区の名前です。"
    )
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("窓口の所在地", max_length=120, blank=True)
    phone = models.CharField(
        "窓口の電話番号", max_length=20, blank=True, help_text="受給者証と通知書に入ります。"
    )
    rights_text = models.TextField(
        "不服申立ての教示",
        blank=True,
        max_length=2000,
        help_text="通知書に入る文です。空欄なら、制度の数値からつくる案になります。",
    )
    # docs/rules.md §4: what the draft says is practice in part; a person of the ward answers for it.
    is_rights_confirmed = models.BooleanField(
        "教示の文を区で確かめた",
        default=False,
        help_text="確かめるまで、通知書には「案」と入ります。",
    )

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "文書の設定"
        verbose_name_plural = "文書の設定"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_rights_confirmed=False) | ~Q(rights_text=""),
                name="paper_setting_confirmed_text",
                violation_error_message="確かめた教示の文を入れてください。",
            )
        ]
