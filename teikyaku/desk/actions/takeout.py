"""データの持ち出し: the file of an office is built a piece at a time, by whoever has its page open.

Each request works for a few seconds and says how much is left; two at once do not meet, and one that
was killed leaves what the next one goes on with.
"""

from __future__ import annotations

from datetime import datetime

from teikyaku.accounts.actions.takeout import finish_takeout, folder_of, note_progress
from teikyaku.accounts.models import Membership, OfficeTakeout
from teikyaku.clock import date_of
from teikyaku.desk.takeout.archive import ZIP, alone, remove, work_on

# For how long one request works, in seconds; at least one file goes in each.
SECONDS = 8.0


def build_on(*, takeout: OfficeTakeout, by: Membership, at: datetime) -> bool:
    """Go on with the file. Whether it lies there whole. Raises TakeoutError."""
    folder = folder_of(takeout)
    with alone(folder) as is_alone:
        if not is_alone:
            return False  # somebody else's page is at it
        asked_on = date_of(takeout.recorded_at)
        note = work_on(folder, takeout.office, on=asked_on, at=at, seconds=SECONDS)
        # While it is made, pieces of work are counted; of what is made, the files.
        steps = note.total if note.left else note.files
        note_progress(
            takeout, steps=steps, steps_done=steps - note.left, row_count=note.rows,
            missing_count=len(note.missing),
        )  # fmt: skip
        takeout.refresh_from_db()
        if takeout.removed_at is not None:
            remove(folder)  # taken back meanwhile
            return False
        if note.left:
            return False
        finish_takeout(takeout=takeout, size=(folder / ZIP).stat().st_size, by=by, at=at)
    return True
