"""Which offices are closed by one process, in their order, when several close a month at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def pieces_of(
    offices: Sequence[int], shared: Iterable[Collection[int]], size: int
) -> list[list[int]]:
    """The offices in pieces of about `size`, so that no two pieces serve one person.

    `shared`: of each person of several offices, which. Who comes first has the person's month
    (docs/rules.md §7), so these are closed one after another; a piece is longer than `size` where many
    hang together. Offices and pieces stand in the order of `offices`.
    """
    place = {office: n for n, office in enumerate(offices)}
    pieces: list[list[int]] = [[]]
    for group in _groups(place, shared):
        if pieces[-1] and len(pieces[-1]) + len(group) > size:
            pieces.append([])
        pieces[-1] += group
    return [sorted(piece, key=place.__getitem__) for piece in pieces if piece]


def _groups(place: dict[int, int], shared: Iterable[Collection[int]]) -> list[list[int]]:
    """Who hangs together, directly or through others; by their first office."""
    first = {office: office for office in place}

    def found(office: int) -> int:
        while first[office] != office:
            first[office] = office = first[first[office]]
        return office

    for some in shared:
        heads = sorted({found(each) for each in some if each in first}, key=place.__getitem__)
        for each in heads[1:]:
            first[each] = heads[0]
    groups: dict[int, list[int]] = {}
    for office in place:
        groups.setdefault(found(office), []).append(office)
    return list(groups.values())
