"""The figures by what they are about, and which of them are this program's own."""

from teikyaku import figures
from teikyaku.accounts.queries.figures import unconfirmed
from teikyaku.periods import Month


def test_every_figure_has_a_subject():
    assert {row.subject for row in figures.packaged()} == set(figures.SUBJECTS)


def test_what_this_program_chose_itself_is_not_among_what_is_to_be_checked():
    left = unconfirmed(Month(2026, 4), ())
    assert left
    assert not [row.key for row in left if row.is_own_default]
    assert "network.year" in {row.key for row in left}
    assert "journal.cash" not in {row.key for row in left}
