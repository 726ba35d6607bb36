"""Which backups stay: the newest always, every one of two days, then the last of each day, for a while."""

from datetime import datetime, timedelta

from teikyaku.desk.backup.rotation import to_remove

NOW = datetime(2026, 11, 26, 3, 0)


def test_nothing_goes_within_two_days():
    hours = [NOW - timedelta(hours=back) for back in range(49)]
    assert to_remove(hours, NOW, 35) == []


def test_of_older_days_the_last_one_stays():
    day = [datetime(2026, 11, 20, hour) for hour in (3, 12, 21)]
    assert to_remove([*day, NOW], NOW, 35) == day[:2]


def test_what_is_older_than_the_days_goes():
    kept, gone = NOW - timedelta(days=35), NOW - timedelta(days=35, seconds=1)
    assert to_remove([gone, kept, NOW], NOW, 35) == [gone]


def test_the_newest_stays_however_old():
    old = [datetime(2025, 1, 1), datetime(2025, 1, 2)]
    assert to_remove(old, NOW, 35) == old[:1]
    assert to_remove([], NOW, 35) == []
