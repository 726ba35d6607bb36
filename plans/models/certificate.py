"""Decision, certificate and caps: what the municipality granted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from clients.enums import Category
from clients.models import Client, Organisation, RecipientNumber
from plans.models.application import Application
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap
from teikyaku.periods import in_force


def kept_q(ward_id: int, **also: Any) -> Q:
    """`DecisionQuerySet.kept_by`, for the field history too."""
    return Q(passed_to=ward_id, **also) | Q(municipality=ward_id, passed_to=None, **also)


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Questions about decisions; each takes its date."""

    def standing(self) -> DecisionQuerySet:
        """Without those that were cancelled before they began: these never held a day."""
        return self.filter(is_cancelled=False)

    def in_force(self, on: date) -> DecisionQuerySet:
        """Those whose period holds `on`."""
        return self.standing().filter(in_force(on))

    def kept_by(self, ward_id: int, **also: Any) -> DecisionQuerySet:
        """Those whose file lies with this ward: decided by it and not passed on, or passed to it.

        `also` stands in both halves: each finds its rows by one index then, where thousands are kept.
        """
        return self.filter(kept_q(ward_id, **also))


class Decision(RecordedModel):
    """支給決定 a granted decision. One person's decisions never overlap: the database refuses it.

    `ends_on` is the day until which it holds; a revocation moves it and keeps `granted_until`.
    Where the right ends before a decision begins (`is_cancelled`), it keeps its days as they were
    granted and never holds one: whoever asks what holds or held, asks `standing`.
    Without an application the decision was transcribed from a paper certificate.
    """

    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # the ward's record
        related_name="decisions",
        verbose_name="利用者",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # the payer, never derived from an address
        related_name="decisions",
        verbose_name="支給決定市町村",
    )
    application = models.OneToOneField(
        Application,
        on_delete=models.PROTECT,  # the path stays whole
        null=True,
        blank=True,
        related_name="decision",
        verbose_name="申請",
    )
    decided_on = models.DateField("支給決定日")
    starts_on = models.DateField("支給決定期間の開始日")
    ends_on = models.DateField("支給決定期間の終了日")
    granted_until = models.DateField("決定したときの終了日", editable=False)
    amount = models.CharField("支給量", max_length=40)
    reason = models.TextField("決定の理由", blank=True)
    is_transcribed = models.BooleanField("紙の受給者証から転記", default=False, editable=False)
    revoked_on = models.DateField("取消日", null=True, blank=True)
    revocation_reason = models.CharField("取消の理由", max_length=200, blank=True)
    is_cancelled = models.BooleanField("始まる前に取消", default=False, editable=False)
    """Revoked before its first day; `revoked_on` is the last day of the right, before it."""

    passed_to = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who keeps the file now
        null=True,
        blank=True,
        related_name="+",
        verbose_name="引き継いだ区",
        editable=False,
    )

    history = HistoricalRecords(related_name="history_rows")
    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "支給決定"
        verbose_name_plural = "支給決定"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="decision_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            NoOverlap(
                fields=["client"],
                condition=Q(is_cancelled=False),
                name="decision_no_overlap",
                violation_error_message="この方の別の支給決定と期間が重なっています。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True, revocation_reason="")
                | (Q(revoked_on__isnull=False) & ~Q(revocation_reason="")),
                name="decision_revocation_has_reason",
                violation_error_message="取消日と取消の理由は一緒に入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(
                    is_cancelled=True, revoked_on__isnull=False, revoked_on__lt=F("starts_on")
                )
                | Q(is_cancelled=False, revoked_on__isnull=True)
                | Q(is_cancelled=False, revoked_on__gte=F("starts_on")),
                name="decision_cancelled_before_start",
                violation_error_message="開始日より前の取消は、始まる前の取消だけです。",
            ),
        ]
        indexes = [
            # What runs out, and what is in force: counted over the wards of a city without reading a row.
            models.Index(
                fields=[
                    "municipality",
                    "ends_on",
                    "starts_on",
                    "is_cancelled",
                    "revoked_on",
                    "client",
                ],
                name="decision_expiry",
            ),
            # A year of one ward's decisions, for the city's figures.
            models.Index(
                fields=["municipality", "decided_on", "application"], name="decision_by_day"
            ),
            # What a ward keeps, by its end: its home asks six times.
            models.Index(
                fields=["municipality", "passed_to", "ends_on", "is_transcribed", "client"],
                name="decision_kept",
            ),
            # Whether another one follows, asked for each that runs out.
            models.Index(fields=["client", "starts_on", "is_cancelled"], name="decision_next"),
            # One person's decisions of one ward, asked for many people: else the ward's are gone through.
            # `is_cancelled` is among them so that nothing else need be read, and no other index is dearer.
            models.Index(
                fields=["client", "municipality", "ends_on", "is_cancelled"],
                name="decision_of_client",
            ),
        ]

    @property
    def keeper(self) -> Municipality:
        """The ward with which the file lies: the one that decided, or that took it over."""
        return self.passed_to or self.municipality


class Certificate(RecordedModel):
    """受給者証 one version of the paper under a decision; old versions stay readable."""

    class Kind(models.TextChoices):
        """区分 why this version was issued (docs/rules.md §4)."""

        NEW = "new", "新規"
        RENEWAL = "renewal", "更新"
        CHANGE = "change", "変更"
        REISSUE = "reissue", "再交付"

    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,  # a paper hangs on its decision
        related_name="certificates",
        verbose_name="支給決定",
    )
    recipient_number = models.ForeignKey(
        RecipientNumber,
        on_delete=models.PROTECT,  # the number on the paper
        related_name="certificates",
        verbose_name="受給者証番号",
    )
    kind = models.CharField("区分", max_length=20, choices=Kind)
    issued_on = models.DateField("交付日")
    applies_on = models.DateField("適用日")
    reason = models.CharField("理由", max_length=200, blank=True)
    consultation_office = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,  # printed on the paper
        null=True,
        blank=True,
        related_name="+",
        verbose_name="相談支援事業所",
    )
    monitoring_months = models.PositiveSmallIntegerField(
        "モニタリングの間隔（月）", null=True, blank=True
    )
    remarks = models.CharField("特記事項", max_length=200, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "受給者証"
        verbose_name_plural = "受給者証"
        ordering = ["issued_on", "pk"]


class CapPeriod(RecordedModel):
    """負担上限月額 the cap in yen for a span of whole months; 0 yen and "not entered" differ.

    docs/rules.md §4: a first cap may start mid-month and counts for that whole month.
    """

    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # the ward's record
        related_name="cap_periods",
        verbose_name="利用者",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who set it
        related_name="+",
        verbose_name="支給決定市町村",
    )
    first_month = models.DateField("適用の最初の月")
    last_month = models.DateField("適用の最後の月", null=True, blank=True)
    category = models.CharField("区分", max_length=20, choices=Category)
    cap_yen = models.PositiveIntegerField("負担上限月額（円）")
    category_reason = models.CharField("計算とちがう区分にした理由", max_length=200, blank=True)
    """Of an officer whose decision differs from what the household on file leads to."""
    is_managed = models.BooleanField("上限額管理の対象", default=False)
    managing_office_number = models.CharField("上限額管理事業所の番号", max_length=10, blank=True)
    managing_office_name = models.CharField("上限額管理事業所", max_length=80, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "負担上限月額"
        verbose_name_plural = "負担上限月額"
        ordering = ["first_month"]
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="cap_period_first_month",
                violation_error_message="月の初日で保存します。",
            ),
            FirstOfMonth(
                field="last_month",
                name="cap_period_last_month",
                violation_error_message="月の初日で保存します。",
            ),
            DateOrder(
                first="first_month",
                last="last_month",
                name="cap_period_month_order",
                violation_error_message="最後の月は最初の月以後にしてください。",
            ),
            NoOverlap(
                fields=["client"],
                starts="first_month",
                ends="last_month",
                name="cap_period_no_overlap",
                violation_error_message="負担上限月額の月が重なっています。",
            ),
        ]
