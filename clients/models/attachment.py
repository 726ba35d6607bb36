"""Attachment: the photo or scan of a paper, kept by the office that holds it."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.models.enrolment import Enrolment
from teikyaku.accounts.models import Membership
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import Together
from teikyaku.frozen import FrozenRowError

# What was stored never changes; it can only go.
CONTENT = (
    "enrolment_id", "content_type", "size", "sha256", "pages", "width", "height", "file",
    "picture", "thumbnail",
)  # fmt: skip


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Questions about attachments."""

    def kept(self) -> AttachmentQuerySet:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def unlinked(self) -> AttachmentQuerySet:
        """Those that belong to no record yet."""
        return self.kept().filter(subject_id=None)


class Attachment(RecordedModel):
    """添付 the photo or scan of one paper: what it is, of which day, and the record it proves.

    Only the office that holds it sees it. The bytes lie in the private storage and are handed out by
    one view; the record is named by its kind and public id, since later apps hold those rows.
    """

    class Kind(models.TextChoices):
        """書類の種類 which paper it is."""

        CERTIFICATE = "certificate", "受給者証"
        CONSENT = "consent", "同意書"
        SUPPORT_PLAN = "support_plan", "個別支援計画"
        EMPLOYMENT = "employment", "労働条件通知書など"
        CONTRACT = "contract", "契約書・重要事項説明書"
        HANDBOOK = "handbook", "障害者手帳"
        OTHER = "other", "その他"

    class Subject(models.TextChoices):
        """記録の種類 which record a paper proves; the names of models, as in the audit trail."""

        DECISION = "decision", "受給者証の転記"
        CONSENT = "consent", "同意"
        SUPPORT_PLAN = "supportplan", "個別支援計画"
        EMPLOYMENT = "employment", "就労"
        CONTRACT = "contract", "利用契約"

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # a cascade would leave the bytes behind: erasing is an action
        related_name="attachments",
        verbose_name="利用",
    )
    kind = models.CharField("書類の種類", max_length=20, choices=Kind)
    dated_on = models.DateField("書類の日付", null=True, blank=True)
    title = models.CharField("見出し", max_length=60, blank=True)
    content_type = models.CharField("形式", max_length=40, editable=False)
    size = models.PositiveIntegerField("大きさ（バイト）", editable=False)
    sha256 = models.CharField("検査値", max_length=64, editable=False)
    pages = models.PositiveSmallIntegerField("ページ数", default=1, editable=False)
    width = models.PositiveSmallIntegerField("横（画素）", editable=False)
    height = models.PositiveSmallIntegerField("縦（画素）", editable=False)
    file = models.FileField("ファイル", blank=True, editable=False)
    picture = models.FileField("1ページ目の写真", blank=True, editable=False)
    thumbnail = models.FileField("縮小した写真", blank=True, editable=False)
    subject_type = models.CharField("記録の種類", max_length=20, choices=Subject, blank=True)
    subject_id = models.UUIDField("記録", null=True, blank=True, db_index=True)
    withdrawn_at = models.DateTimeField("取消日時", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who took it back stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した人",
        editable=False,
    )
    withdrawn_reason = models.CharField("取消しの理由", max_length=100, blank=True, editable=False)

    history = HistoricalRecords(
        related_name="history_rows",
        excluded_fields=[
            "content_type", "size", "sha256", "pages", "width", "height", "file", "picture",
            "thumbnail",
        ],
    )  # fmt: skip
    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "添付"
        verbose_name_plural = "添付"
        ordering = ["-pk"]
        constraints = [
            Together(
                fields=["withdrawn_at", "withdrawn_by"],
                name="attachment_withdrawn_by",
                violation_error_message="取消しには、日時と人が要ります。",
            ),
            models.CheckConstraint(
                condition=(Q(withdrawn_at=None) & ~Q(file=""))
                | (Q(withdrawn_at__isnull=False, file="", picture="", thumbnail="")),
                name="attachment_kept_or_withdrawn",
                violation_error_message="ファイルは、取り消すまで残し、取り消したら残しません。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="attachment_withdrawn_why",
                violation_error_message="取消しには理由が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(subject_id=None, subject_type="")
                | (Q(subject_id__isnull=False) & ~Q(subject_type="")),
                name="attachment_subject_whole",
                violation_error_message="記録とその種類は一緒に入れてください。",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "sha256"],
                condition=Q(withdrawn_at=None),
                name="attachment_once",
                violation_error_message="同じファイルが、この方の書類にもうあります。",
            ),
        ]

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """As stored; remembers the content, so that `save` can tell a change."""
        row = super().from_db(*args, **kwargs)
        row._stored = row._content()  # type: ignore[attr-defined]
        return row

    def save(self, **kwargs: Any) -> None:
        """Store the facts. Raises FrozenRowError where the content of a kept paper was changed."""
        stored = getattr(self, "_stored", None)
        if stored is not None and self.withdrawn_at is None and stored != self._content():
            raise FrozenRowError("the content of an attachment is frozen; take it back instead")
        super().save(**kwargs)

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF; a picture otherwise."""
        return self.content_type == "application/pdf"

    @property
    def label(self) -> str:
        """What the paper is called on pages: its kind, and its own heading where it has one."""
        kind = self.get_kind_display()
        return f"{kind}（{self.title}）" if self.title else kind

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that lies in the storage for it."""
        return tuple(str(each.name) for each in (self.file, self.picture, self.thumbnail) if each)

    def _content(self) -> dict[str, str]:
        return {name: str(self.__dict__[name]) for name in CONTENT if name in self.__dict__}
