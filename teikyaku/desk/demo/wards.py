"""Between the wards of the demo: people who moved, whose files are offered."""

from __future__ import annotations

from datetime import timedelta

from plans.actions.file_transfer import accept_file, offer_file
from plans.models import Decision
from teikyaku.accounts.models import Membership
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City

# from, to (members of the ward's staff), moved so many days ago, already accepted
MOVES = (
    ("kita", "chuo", 9, False),
    ("chuo", "higashi", 4, False),
    ("chuo", "nishi", 40, True),
)


def move_files(city: City) -> None:
    """One file waits for 中央区, one waits elsewhere, one has passed; where a ward keeps any."""
    for sender, receiver, days_ago, is_accepted in MOVES:
        _move(city, city.staff[sender], city.staff[receiver], days_ago, is_accepted)


def _move(
    city: City, sender: Membership, receiver: Membership, days_ago: int, is_accepted: bool
) -> None:
    ward, day = sender.municipality, city.today - timedelta(days=days_ago)
    if ward is None or receiver.municipality is None:
        raise ValueError("a file moves between wards")
    kept = Decision.objects.filter(
        is_transcribed=False,
        revoked_on=None,
        ends_on__gt=city.today,
        client__file_transfers=None,
        decided_on__lt=day,  # what passes was decided before the move
    ).kept_by(ward.pk)
    decision = kept.order_by("-ends_on", "pk").select_related("client").first()
    if decision is None:
        return
    transfer = offer_file(
        client=decision.client, sender=ward, receiver=receiver.municipality, moved_on=day,
        note="職場の近くへ転居しました。担当の事業所は変わりません。", by=sender, at=at_noon(day),
    )  # fmt: skip
    if is_accepted:
        accept_file(transfer=transfer, by=receiver, at=at_noon(day + timedelta(days=6)))
