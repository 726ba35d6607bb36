"""Production refuses to start without a place for attachments, and says which setting it lacks."""

import os
import subprocess
import sys

import pytest

from tests.architecture import house

STATED = {
    "TEIKYAKU_MODE": "production", "SECRET_KEY": "only-for-this-test", "ALLOWED_HOSTS": "a.jp",
    "DEFAULT_FROM_EMAIL": "a@example.jp", "BASE_URL": "https://a.jp",
    "DATABASE_URL": "postgres://u:p@127.0.0.1/x",
}  # fmt: skip


def started(media_root, asked="s.MEDIA_ROOT"):
    """The last line of a process that reads the settings of production."""
    command = [sys.executable, "-c", f"import teikyaku.settings as s; print({asked})"]
    found = subprocess.run(
        command, env={**os.environ, **STATED, "MEDIA_ROOT": media_root}, cwd=house.ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return (found.stdout + found.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize("media_root", ["", "media", "/nowhere/at/all"])
def test_a_place_for_attachments_is_asked_for_by_name(media_root):
    assert "ImproperlyConfigured" in started(media_root)
    assert "MEDIA_ROOT" in started(media_root)


def test_a_folder_that_can_be_written_will_do(tmp_path):
    assert started(str(tmp_path)) == str(tmp_path)


def test_what_is_collected_by_root_can_be_read_by_the_server(tmp_path):
    """Uploads are closed to others; style sheets, put down at an update, must not be."""
    options = started(str(tmp_path), "s.STORAGES['staticfiles']['OPTIONS']")
    assert str({"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755}) == options
