"""Handover: what happens before the support ends (docs/rules.md §9)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.models import Enrolment, Organisation
from plans.rules.handover import HandoverDates
from teikyaku.accounts.models import IssuedDocument
from teikyaku.accounts.models.base import PublicModel, RecordedModel
from teikyaku.constraints import DateOrder
from teikyaku.frozen import FrozenModel


class Handover(RecordedModel):
    """引き継ぎ the judgement of need, and the way to the centre that is asked now.

    Centre → consent → sharing by the latest day → meeting → answer → first contact there → a look
    six months later. A centre that declined stands in HandoverRefusal once another one is asked.
    """

    enrolment = models.OneToOneField(
        Enrolment,
        on_delete=models.PROTECT,  # proof that the duty was met
        related_name="handover",
        verbose_name="利用",
    )
    judged_on = models.DateField("判断した日")
    is_needed = models.BooleanField("引き続き支援が必要")
    judgement = models.TextField("判断の理由")
    centre = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,  # reference data
        null=True,
        blank=True,
        related_name="+",
        verbose_name="引き継ぎ先",
    )
    centre_note = models.CharField("引き継ぎ先を選んだ理由", max_length=200, blank=True)
    consented_on = models.DateField("本人の同意日", null=True, blank=True)
    not_consented_on = models.DateField("本人が同意しなかった日", null=True, blank=True)
    consent_note = models.CharField("同意についてのメモ", max_length=200, blank=True)
    shared_on = models.DateField("情報を共有した日", null=True, blank=True)
    meeting_on = models.DateField("引き継ぎ会議の日", null=True, blank=True)
    accepted_on = models.DateField("受け入れの日", null=True, blank=True)
    declined_on = models.DateField("断られた日", null=True, blank=True)
    decline_reason = models.CharField("断られた理由", max_length=200, blank=True)
    first_contact_on = models.DateField("引き継ぎ先での最初の相談日", null=True, blank=True)
    first_contact_note = models.CharField("最初の相談のようす", max_length=200, blank=True)
    look_due_on = models.DateField("その後を確かめる日", null=True, blank=True, editable=False)
    looked_on = models.DateField("その後を確かめた日", null=True, blank=True)
    look_note = models.CharField("その後のようす", max_length=400, blank=True)
    what_works = models.TextField("うまくいくこと・工夫", blank=True)
    watch_for = models.TextField("気をつけること", blank=True)
    measures = models.TextField("職場の配慮", blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "引き継ぎ"
        verbose_name_plural = "引き継ぎ"
        constraints = [
            models.CheckConstraint(
                condition=Q(shared_on__isnull=True) | Q(consented_on__isnull=False),
                name="handover_sharing_needs_consent",
                violation_error_message="情報の共有には、本人の同意日が必要です。",
            ),
            DateOrder(
                first="consented_on",
                last="shared_on",
                name="handover_consent_before_sharing",
                violation_error_message="共有した日は同意日以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(declined_on__isnull=True) | ~Q(decline_reason=""),
                name="handover_decline_has_reason",
                violation_error_message="断られた理由を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(first_contact_on__isnull=True) | Q(accepted_on__isnull=False),
                name="handover_contact_needs_acceptance",
                violation_error_message="先に、受け入れを記録してください。",
            ),
            models.CheckConstraint(
                condition=Q(not_consented_on__isnull=True) | Q(consented_on__isnull=True),
                name="handover_consent_one_answer",
                violation_error_message="同意したか、しなかったかの一方だけを記録します。",
            ),
        ]
        indexes = [models.Index(fields=["look_due_on"], name="handover_look_due")]

    @property
    def dates(self) -> HandoverDates:
        """Its days, as the rules take them."""
        return HandoverDates(
            has_centre=self.centre_id is not None,
            consented_on=self.consented_on,
            not_consented_on=self.not_consented_on,
            shared_on=self.shared_on,
            meeting_on=self.meeting_on,
            accepted_on=self.accepted_on,
            declined_on=self.declined_on,
            first_contact_on=self.first_contact_on,
            looked_on=self.looked_on,
            judged_on=self.judged_on,
            is_needed=self.is_needed,
        )


class HandoverRefusal(RecordedModel):
    """断られた引き継ぎ先 a centre that declined, kept as it was when the next one was asked."""

    handover = models.ForeignKey(
        Handover,
        on_delete=models.CASCADE,  # part of the hand-over
        related_name="refusals",
        verbose_name="引き継ぎ",
    )
    centre = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,  # reference data
        related_name="+",
        verbose_name="引き継ぎ先",
    )
    consented_on = models.DateField("本人の同意日", null=True, blank=True)
    shared_on = models.DateField("情報を共有した日", null=True, blank=True)
    meeting_on = models.DateField("引き継ぎ会議の日", null=True, blank=True)
    declined_on = models.DateField("断られた日")
    decline_reason = models.CharField("断られた理由", max_length=200)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "断られた引き継ぎ先"
        verbose_name_plural = "断られた引き継ぎ先"
        ordering = ["declined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "centre", "declined_on"],
                name="handover_refusal_once",
                violation_error_message="この引き継ぎ先は、もう記録されています。",
            )
        ]


class HandoverPaper(FrozenModel, PublicModel):
    """引き継ぎの書類 a package as it was made; its content stands frozen in `document`."""

    class Kind(models.TextChoices):
        """種類 of paper; the values are the templates."""

        PACKAGE = "handover", "引き継ぎ書"
        PLAIN = "handover_plain", "わたしの引き継ぎ（やさしい言葉）"

    kind = models.CharField("種類", max_length=30, choices=Kind)
    handover = models.ForeignKey(
        Handover,
        on_delete=models.PROTECT,  # what was handed on
        related_name="papers",
        verbose_name="引き継ぎ",
    )
    recipient = models.CharField("相手", max_length=120, blank=True)
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        related_name="handover_paper",
        verbose_name="交付文書",
    )

    class Meta:
        verbose_name = "引き継ぎの書類"
        verbose_name_plural = "引き継ぎの書類"
        ordering = ["pk"]
