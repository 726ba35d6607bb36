"""Client: one person, once in the whole installation, under the names they had and have."""

from __future__ import annotations

from datetime import date

from django.db import models
from simple_history.models import HistoricalRecords

from clients.rules.names import search_key
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap
from teikyaku.periods import in_force


class ClientQuerySet(models.QuerySet["Client"]):
    """Questions about clients; access is decided in `clients.access`."""

    def with_name(self, on: date) -> ClientQuerySet:
        """With `name_on` and `kana_on`: the name in force on that day."""
        names = ClientName.objects.filter(in_force(on), client=models.OuterRef("pk"))
        return self.annotate(
            name_on=models.Subquery(names.values("name")[:1]),
            kana_on=models.Subquery(names.values("kana")[:1]),
        )


class Client(RecordedModel):
    """利用者 a person: one row in the whole installation, whoever serves them."""

    birth_date = models.DateField("生年月日")
    died_on = models.DateField("死亡日", null=True, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    notes = models.TextField("配慮すること", blank=True)

    history = HistoricalRecords(related_name="history_rows")
    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = "利用者"
        verbose_name_plural = "利用者"
        ordering = ["pk"]
        constraints = [
            DateOrder(
                first="birth_date",
                last="died_on",
                name="client_date_order",
                violation_error_message="死亡日は生年月日以後にしてください。",
            )
        ]
        indexes = [models.Index(fields=["birth_date"], name="client_birth_date")]

    def name_in_force(self, on: date) -> ClientName | None:
        """The name on `on`; uses prefetched names where they are at hand."""
        for name in self.names.all():
            if name.starts_on <= on and (name.ends_on is None or on <= name.ends_on):
                return name
        return None


class ClientName(RecordedModel):
    """氏名 a name with its period. One field, as people have it: one word or several, any script."""

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person, erased with them
        related_name="names",
        verbose_name="利用者",
    )
    name = models.CharField("氏名", max_length=80)
    kana = models.CharField("ふりがな", max_length=120)
    # Normalised for search: see clients.rules.names.
    search_text = models.CharField("検索用", max_length=400, editable=False)
    starts_on = models.DateField("この氏名の開始日")
    ends_on = models.DateField("この氏名の終了日", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "氏名"
        verbose_name_plural = "氏名"
        ordering = ["starts_on"]
        # A search asks it person by person, of all that a ward or an office has.
        indexes = [models.Index(fields=["client", "search_text"], name="name_of_client")]
        constraints = [
            DateOrder(
                name="client_name_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            NoOverlap(
                fields=["client"],
                name="client_name_no_overlap",
                violation_error_message="氏名の期間が重なっています。",
            ),
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the search text with the name."""
        self.search_text = f"{search_key(self.kana)} {search_key(self.name)}"
        super().save(*args, **kwargs)  # type: ignore[arg-type]
