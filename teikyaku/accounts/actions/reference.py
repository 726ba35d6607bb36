"""Reference data that every installation in Niigata needs: the city and its wards."""

from __future__ import annotations

from django.db import transaction

from teikyaku.accounts.models import Municipality

# docs/rules.md §4: numbers with a check digit that is inferred, certainty [?].
CITY = ("151001", "新潟市", "にいがたし")
WARDS = (
    ("151019", "北区", "きたく"),
    ("151027", "東区", "ひがしく"),
    ("151035", "中央区", "ちゅうおうく"),
    ("151043", "江南区", "こうなんく"),
    ("151050", "秋葉区", "あきはく"),
    ("151068", "南区", "みなみく"),
    ("151076", "西区", "にしく"),
    ("151084", "西蒲区", "にしかんく"),
)


@transaction.atomic
def load_reference() -> list[Municipality]:
    """The city and its eight wards, in the order of their numbers; what is there stays."""
    city, _created = Municipality.objects.get_or_create(
        code=CITY[0],
        defaults={"name": CITY[1], "kana": CITY[2], "kind": Municipality.Kind.CITY},
    )
    wards = []
    for code, name, kana in WARDS:
        ward, _created = Municipality.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "kana": kana,
                "kind": Municipality.Kind.WARD,
                "city": city,
                "department": "健康福祉課",
            },
        )
        wards.append(ward)
    return wards
