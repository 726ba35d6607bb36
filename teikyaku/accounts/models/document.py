"""Issued documents: frozen copies of what was printed."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from teikyaku.accounts.models.base import PublicModel
from teikyaku.accounts.models.membership import Membership
from teikyaku.frozen import FrozenModel


class IssuedDocument(FrozenModel, PublicModel):
    """交付文書 what was printed, as data: the same bytes can be made again at any time.

    A mistake is mended by a new document that refers to the old one (`replaces`).
    """

    kind = models.CharField("種類", max_length=40)
    number = models.CharField("番号", max_length=40, unique=True)
    template = models.CharField("様式", max_length=60)
    content = models.JSONField("内容", encoder=DjangoJSONEncoder)
    digest = models.CharField("検査値", max_length=64)
    person_id = models.UUIDField("利用者", null=True, blank=True, db_index=True)
    issued_at = models.DateTimeField("交付日時")
    issued_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who issued a paper stays known
        related_name="+",
        verbose_name="交付者",
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,  # the chain of corrections stays whole
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="訂正前の文書",
    )

    class Meta:
        verbose_name = "交付文書"
        verbose_name_plural = "交付文書"
        ordering = ["-issued_at", "-pk"]
