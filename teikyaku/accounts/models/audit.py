"""Audit: who did or read what, and when. Names of fields, never their values."""

from __future__ import annotations

from django.db import models

from teikyaku.accounts.models.membership import Membership
from teikyaku.accounts.models.user import User
from teikyaku.frozen import FrozenModel


class AuditEvent(FrozenModel):
    """操作の記録 one line: who, as which member, when, what, on which subject, with which result.

    It survives the person whom it is about: the subject is a UUID and nothing else.
    """

    class Outcome(models.TextChoices):
        """結果 done, only read, or refused."""

        DONE = "done", "実行"
        READ = "read", "閲覧"
        REFUSED = "refused", "拒否"

    at = models.DateTimeField("日時")
    user = models.ForeignKey(
        User,
        on_delete=models.PROTECT,  # an audit line keeps its author
        null=True,
        blank=True,
        related_name="+",
        verbose_name="職員",
    )
    membership = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # and the place they acted for
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所属",
    )
    verb = models.CharField("操作", max_length=60)
    outcome = models.CharField("結果", max_length=10, choices=Outcome, default=Outcome.DONE)
    subject_type = models.CharField("対象の種類", max_length=60, blank=True)
    subject_id = models.UUIDField("対象", null=True, blank=True)
    # The person whom the subject belongs to, for "who looked at this person".
    person_id = models.UUIDField("利用者", null=True, blank=True)
    fields = models.JSONField("項目名", default=list)

    class Meta:
        verbose_name = "操作の記録"
        verbose_name_plural = "操作の記録"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["person_id", "-at"], name="audit_by_person"),
            models.Index(fields=["membership", "-at"], name="audit_by_membership"),
            # What administrators did to memberships: few lines, and their office looks for them.
            models.Index(
                fields=["subject_id"],
                condition=models.Q(subject_type="membership"),
                name="audit_of_membership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}"
