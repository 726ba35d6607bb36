"""Ward paper: which certificate or letter of a ward was made, and from what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plans.models.application import Application
from plans.models.certificate import Certificate, Decision
from teikyaku.accounts.models import IssuedDocument, Municipality
from teikyaku.accounts.models.base import PublicModel
from teikyaku.frozen import FrozenModel


class WardPaper(FrozenModel, PublicModel):
    """区の文書 a certificate or letter as it was made; its content stands frozen in `document`.

    The municipality is who made it: it stays readable there after the person moved.
    """

    class Kind(models.TextChoices):
        """種類 of paper."""

        CERTIFICATE = "certificate", "受給者証"
        GRANT = "grant_notice", "支給決定通知書"
        REFUSAL = "refusal_notice", "申請却下通知書"
        REVOCATION = "revocation_notice", "支給決定取消通知書"
        REMINDER = "renewal_reminder", "更新のお知らせ"

    kind = models.CharField("種類", max_length=30, choices=Kind)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # whose paper it is
        related_name="+",
        verbose_name="支給市町村",
    )
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,  # what was refused
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="申請",
    )
    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,  # what was told
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="支給決定",
    )
    certificate = models.ForeignKey(
        Certificate,
        on_delete=models.PROTECT,  # which version was printed
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="受給者証",
    )
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        related_name="ward_paper",
        verbose_name="交付文書",
    )

    class Meta:
        verbose_name = "区の文書"
        verbose_name_plural = "区の文書"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="refusal_notice", application__isnull=False, decision__isnull=True)
                | (~Q(kind="refusal_notice") & Q(application__isnull=True, decision__isnull=False)),
                name="ward_paper_subject",
                violation_error_message="却下の通知は申請に、ほかの文書は支給決定に付けます。",
            ),
            models.CheckConstraint(
                condition=Q(kind="certificate", certificate__isnull=False)
                | (~Q(kind="certificate") & Q(certificate__isnull=True)),
                name="ward_paper_certificate",
                violation_error_message="受給者証の文書には、その版を付けます。",
            ),
        ]
