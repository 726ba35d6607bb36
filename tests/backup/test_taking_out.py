"""What is taken out of a backup: plain files below one folder, with nothing that the oldest Python lacks."""

import io
import tarfile

import pytest

from teikyaku.desk.backup.bring_back import _take_out
from teikyaku.desk.backup.errors import BackupError


def archive(*entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w|") as tar:
        for entry, content in entries:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    out.seek(0)
    return tarfile.open(fileobj=out, mode="r|")


def test_files_come_out_in_their_folders(tmp_path, monkeypatch):
    monkeypatch.delattr(tarfile, "data_filter", raising=False)  # Python 3.11.2, Debian 12
    monkeypatch.delattr(tarfile.TarFile, "extractall")
    _take_out(archive((tarfile.TarInfo("a/b.txt"), b"x"), (tarfile.TarInfo("c"), b"yy")), tmp_path)
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"x"
    assert (tmp_path / "c").read_bytes() == b"yy"


@pytest.mark.parametrize("name", ["../out", "/etc/teikyaku-out", "a/../../out"])
def test_nothing_is_written_outside(tmp_path, name):
    with pytest.raises(BackupError):
        _take_out(archive((tarfile.TarInfo(name), b"x")), tmp_path)
    assert list(tmp_path.parent.glob("out")) == []


def test_a_link_is_no_paper(tmp_path):
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(BackupError):
        _take_out(archive((link, b"")), tmp_path)
    assert list(tmp_path.iterdir()) == []
