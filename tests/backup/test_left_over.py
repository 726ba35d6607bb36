"""What a killed backup leaves behind goes with the next one; what may be in use, or is another's, stays."""

import os
from datetime import datetime, timedelta

import pytest

from teikyaku.clock import TOKYO
from teikyaku.desk.backup.make import remove_halves

AT = datetime(2026, 11, 27, 2, 0, tzinfo=TOKYO)
HALF = ".teikyaku-20261125T020000.tar.age.new"
WHOLE = "teikyaku-20261125T020000.tar.age"


@pytest.fixture
def folders(tmp_path, settings):
    """Where backups lie, and where unsealed copies lie meanwhile."""
    backups, work = tmp_path / "backups", tmp_path / "work"
    backups.mkdir()
    work.mkdir()
    settings.BACKUP_WORK = str(work)
    return backups, work


def file(place, name, hours):
    path = place / name
    path.write_bytes(b"half")
    moment = (AT - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))
    return path


def copy(work, name, hours):
    """A work folder with an unsealed database in it, last written to `hours` ago."""
    folder = work / name
    folder.mkdir()
    file(folder, "database", hours)
    moment = (AT - timedelta(hours=hours)).timestamp()
    os.utime(folder, (moment, moment))
    return folder


@pytest.mark.parametrize(("hours", "stays"), [(25, False), (23, True)])
def test_halves_and_copies_go_once_no_run_can_hold_them(folders, hours, stays):
    backups, work = folders
    left = [
        file(backups, HALF, hours),
        copy(work, "teikyaku-backup-x1_ab2cd", hours),
        copy(work, "teikyaku-restore-x1_ab2cd", hours),
    ]
    remove_halves(backups, AT)
    assert [path.exists() for path in left] == [stays] * 3


def test_whole_backups_and_other_peoples_files_stay(folders):
    backups, work = folders
    kept = [
        file(backups, WHOLE, 900),
        file(backups, ".other.new", 900),
        copy(work, "teikyaku", 900),
        copy(work, "other-backup-x1_ab2cd", 900),
        copy(work, "teikyaku-restore-2026", 900),
        file(work, "teikyaku-backup-key.txt", 900),
        file(work, "teikyaku-backup-password", 900),
    ]
    remove_halves(backups, AT)
    assert all(path.exists() for path in kept)


def test_a_link_in_the_shared_temporary_folder_leads_nowhere(folders, tmp_path):
    backups, work = folders
    precious = copy(tmp_path, "precious", 900)
    (work / "teikyaku-backup-linkedto").symlink_to(precious)
    remove_halves(backups, AT)
    assert (precious / "database").exists()
