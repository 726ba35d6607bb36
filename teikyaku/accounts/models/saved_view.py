"""SavedView: a list as somebody has narrowed it down, under a name of their own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from teikyaku.accounts.models.base import PublicModel
from teikyaku.accounts.models.membership import Membership


class SavedView(PublicModel):
    """保存した絞り込み the query of one list page, kept by one person for themselves.

    The query holds conditions alone: no name that was searched for, and nobody who was chosen.
    """

    membership = models.ForeignKey(
        Membership,
        on_delete=models.CASCADE,  # a convenience of this membership, of use to nobody else
        related_name="saved_views",
        verbose_name="所属",
    )
    page = models.CharField("一覧", max_length=40, editable=False)
    name = models.CharField("名前", max_length=40)
    query = models.CharField("条件", max_length=500, editable=False)
    created_at = models.DateTimeField("保存日時", editable=False)

    class Meta:
        verbose_name = "保存した絞り込み"
        verbose_name_plural = "保存した絞り込み"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "page", "membership"],
                name="saved_view_name_once",
                violation_error_message="この名前は、もう使っています。別の名前にしてください。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="saved_view_has_name",
                violation_error_message="名前を入れてください。",
            ),
        ]
