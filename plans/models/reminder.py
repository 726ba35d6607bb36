"""Reminders: which week's mails are written, whom a mail mentions, what was told to who leads."""

from __future__ import annotations

from datetime import date

from django.db import models

from clients.models import Enrolment
from plans.rules.expiry import EndKind, ExpiryStage
from teikyaku.accounts.models import Membership, Office, OutboxMail
from teikyaku.accounts.models.base import PublicModel
from teikyaku.clock import date_of


class DigestWeek(models.Model):
    """週の知らせ an office whose mails of a week are written: no second run writes them again.

    Written once in the transaction of its mails, never changed.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,  # says nothing without the office
        related_name="+",
        verbose_name="事業所",
    )
    week_on = models.DateField("週の月曜日")
    made_at = models.DateTimeField("作成日時")

    class Meta:
        verbose_name = "週の知らせ"
        verbose_name_plural = "週の知らせ"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "week_on"],
                name="digest_week_once",
                violation_error_message="この週の知らせは作成済みです。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.week_on:%G-W%V}"


class Escalation(PublicModel):
    """期限超過の報告 an interview long overdue was told to who leads: once a person and due date.

    Written once with its mails, never changed.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # part of the enrolment, erased with it
        related_name="escalations",
        verbose_name="利用",
    )
    due_on = models.DateField("面談の期限")
    staff = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who was in charge then stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="そのときの担当",
    )
    made_at = models.DateTimeField("作成日時")

    class Meta:
        verbose_name = "期限超過の報告"
        verbose_name_plural = "期限超過の報告"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "due_on"],
                name="escalation_once",
                violation_error_message="この期限の超過は報告済みです。",
            )
        ]

    @property
    def made_on(self) -> date:
        """The day in Tokyo on which it was told."""
        return date_of(self.made_at)


class ReminderMention(models.Model):
    """知らせの対象 a person whom a mail mentions by initials: what still waits follows an end or a death.

    Rows go only while the mail waits, when it is written again without the person.
    """

    mail = models.ForeignKey(
        OutboxMail,
        on_delete=models.CASCADE,  # part of the mail
        related_name="mentions",
        verbose_name="メール",
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # erased with the person
        related_name="+",
        verbose_name="利用",
    )
    escalation = models.ForeignKey(
        Escalation,
        on_delete=models.CASCADE,  # erased with the person
        null=True,
        blank=True,
        related_name="mentions",
        verbose_name="期限超過の報告",
    )

    class Meta:
        verbose_name = "知らせの対象"
        verbose_name_plural = "知らせの対象"
        constraints = [
            models.UniqueConstraint(
                fields=["mail", "enrolment"],
                name="reminder_mention_once",
                violation_error_message="この人は、すでにこの知らせに載っています。",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class EndNotice(models.Model):
    """期限の段階の知らせ a step of one end that one member was told: once for each step.

    Written in the transaction of its mail, never changed; it goes only while the mail waits, when the
    mail is written again without the person.
    """

    mail = models.ForeignKey(
        OutboxMail,
        on_delete=models.CASCADE,  # part of the mail
        related_name="end_notices",
        verbose_name="メール",
    )
    membership = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # as the mail's own
        related_name="+",
        verbose_name="宛先",
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # erased with the person
        related_name="+",
        verbose_name="利用",
    )
    kind = models.CharField("種類", max_length=20, choices=[(k.value, k.label) for k in EndKind])
    ends_on = models.DateField("期限の日")
    stage = models.CharField(
        "段階", max_length=5, choices=[(s.value, s.label) for s in ExpiryStage]
    )

    class Meta:
        verbose_name = "期限の段階の知らせ"
        verbose_name_plural = "期限の段階の知らせ"
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "enrolment", "kind", "ends_on", "stage"],
                name="end_notice_once",
                violation_error_message="この段階は知らせ済みです。",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
