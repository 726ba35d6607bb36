"""A backup appears whole or not at all, and opens with its key alone."""

import pyrage
import pytest

from teikyaku.desk.backup.errors import BackupError
from teikyaku.desk.backup.sealing import identities_of, new_key, opened, recipients_of, sealed

TEXT = "個人情報".encode() * 100_000


@pytest.fixture
def key(tmp_path):
    """(key file, public key)."""
    secret, public = new_key()
    file = tmp_path / "key.txt"
    file.write_text(f"# {public}\n{secret}\n", encoding="utf-8")
    return file, public


def seal(tmp_path, public, content=TEXT):
    to = tmp_path / "backup.age"
    with sealed(to, recipients_of([public])) as out:
        out.write(content)
    return to


def test_what_is_sealed_opens_with_its_key(tmp_path, key):
    file = seal(tmp_path, key[1])
    assert "個人情報".encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    with opened(file, identities_of(key[0])) as plain:
        assert plain.read() == TEXT


def test_another_key_opens_nothing(tmp_path, key):
    file = seal(tmp_path, new_key()[1])
    with pytest.raises(BackupError, match="鍵が違うか"), opened(file, identities_of(key[0])):
        pass


@pytest.mark.parametrize("cut", [1, 60_000, 300_000])
def test_a_file_that_was_cut_is_not_used(tmp_path, key, cut):
    file = seal(tmp_path, key[1])
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(BackupError, match="途中で切れている"), opened(file, identities_of(key[0])):
        pass


def test_a_changed_byte_is_found(tmp_path, key):
    file = seal(tmp_path, key[1])
    content = bytearray(file.read_bytes())
    content[-1000] ^= 1
    file.write_bytes(content)
    with pytest.raises(BackupError), opened(file, identities_of(key[0])):
        pass


def test_a_second_run_of_the_same_second_leaves_the_first_alone(tmp_path, key):
    to = tmp_path / "backup.age"
    with sealed(to, recipients_of([key[1]])) as first:
        first.write(TEXT)
        with pytest.raises(BackupError, match="別のバックアップが動いて"):
            seal(tmp_path, key[1], b"second")
        first.write(TEXT)
    with opened(to, identities_of(key[0])) as plain:
        assert plain.read() == TEXT * 2
    assert list(tmp_path.glob(".*.new")) == []


def test_what_stops_leaves_nothing(tmp_path, key):
    with pytest.raises(TypeError):
        seal(tmp_path, key[1], content="no bytes")
    assert list(tmp_path.glob("*backup*")) == []


def test_a_full_disk_says_so(tmp_path, key, monkeypatch):
    def refuse(reader, _out, _keys):
        reader.read(10)
        raise pyrage.EncryptError("No space left on device")

    monkeypatch.setattr(pyrage, "encrypt_io", refuse)
    with pytest.raises(BackupError, match="書けませんでした"):
        seal(tmp_path, key[1])
    assert list(tmp_path.glob("*backup*")) == []


@pytest.mark.parametrize("given", [[], ["age1nonsense"], ["AGE-SECRET-KEY-1"]])
def test_what_is_no_public_key_is_refused(given):
    with pytest.raises(BackupError, match="公開鍵"):
        recipients_of(given)


@pytest.mark.parametrize("text", ["", "# only words\n", "nonsense\n"])
def test_what_is_no_key_file_is_refused(tmp_path, text):
    file = tmp_path / "key.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BackupError, match="鍵"):
        identities_of(file)
    with pytest.raises(BackupError, match="読めません"):
        identities_of(tmp_path / "nowhere")
