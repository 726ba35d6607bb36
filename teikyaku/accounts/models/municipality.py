"""Municipality: who decides and pays."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from teikyaku.accounts.models.base import PublicModel


class MunicipalityManager(models.Manager["Municipality"]):
    """Brings the city along: a ward's name begins with it, in every list and every choice."""

    def get_queryset(self) -> models.QuerySet[Municipality]:
        """All municipalities, with their city."""
        return super().get_queryset().select_related("city")

    def standing(self) -> models.QuerySet[Municipality]:
        """Those that did not turn out to be another one."""
        return self.filter(proposal__same_as=None)

    def paying(self) -> models.QuerySet[Municipality]:
        """Of these those that decide and pay: a designated city is none, its wards are."""
        return self.standing().exclude(kind=Municipality.Kind.CITY)


class Municipality(PublicModel):
    """支給市町村 a ward, a city or another municipality that decides and pays for the service.

    Numbers have 6 digits with a check digit (docs/rules.md §4 S; the algorithm is inferred).
    """

    class Kind(models.TextChoices):
        """種別 wards decide in a designated city, the city itself elsewhere."""

        WARD = "ward", "区"
        CITY = "city", "政令市（本庁）"
        OTHER = "other", "市町村"

    code = models.CharField(
        "市町村番号",
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^\d{6}\Z", "市町村番号は数字6桁です。")],
        error_messages={"unique": "この市町村番号は登録済みです。"},
    )
    name = models.CharField("名称", max_length=40)
    kana = models.CharField("ふりがな", max_length=80)
    kind = models.CharField("種別", max_length=10, choices=Kind, default=Kind.OTHER)
    city = models.ForeignKey(
        "self",
        # A city stays as long as a ward of it is on file.
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="wards",
        verbose_name="政令市",
    )
    department = models.CharField("担当課", max_length=60, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    needs_second_officer = models.BooleanField(
        "支給決定を二人で確認する",
        default=False,
        help_text="チェックすると、ひとりが書いた支給決定は、別の職員が確認してから決まります。",
    )

    objects = MunicipalityManager()

    class Meta:
        verbose_name = "支給市町村"
        verbose_name_plural = "支給市町村"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="ward", city__isnull=False)
                | models.Q(~models.Q(kind="ward"), city__isnull=True),
                name="municipality_ward_has_city",
                violation_error_message="区には政令市を、それ以外には空欄を入れてください。",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name as people say it: 新潟市中央区."""
        if self.kind != self.Kind.WARD or self.city is None:
            return self.name
        return f"{self.city.name}{self.name}"

    @property
    def current(self) -> Municipality:
        """The one that it turned out to be; itself where nobody joined it with another.

        Costs a query where the caller's did not bring `proposal__same_as` along.
        """
        proposal = getattr(self, "proposal", None)
        joined: Municipality | None = proposal.same_as if proposal is not None else None
        return joined or self

    @property
    def label(self) -> str:
        """What the header shows as the active place."""
        return self.full_name
