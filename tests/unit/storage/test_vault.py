"""Keys: sealing, opening in the right place only, erasing by destroying."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from workflows.storage.types import Ciphertext
from workflows.storage.vault import (
    KeyDestroyedError,
    KeyExposedError,
    SealBrokenError,
    Vault,
)


def test_sealed_bytes_open_with_key_and_place(vault: Vault) -> None:
    key = vault.open_key(vault.new_case_key())
    sealed = key.seal("马𬱖".encode(), b"run/7/state")
    assert isinstance(sealed, Ciphertext)
    assert key.open(sealed, b"run/7/state").decode() == "马𬱖"


def test_equal_texts_are_sealed_differently(vault: Vault) -> None:
    key = vault.open_key(vault.new_case_key())
    assert key.seal(b"same", b"p") != key.seal(b"same", b"p")


def test_sealed_bytes_do_not_open_in_another_place(vault: Vault) -> None:
    key = vault.open_key(vault.new_case_key())
    sealed = key.seal(b"text", b"run/7/state")
    with pytest.raises(SealBrokenError):
        key.open(sealed, b"run/8/state")


def test_changed_cut_or_foreign_bytes_do_not_open(vault: Vault) -> None:
    key = vault.open_key(vault.new_case_key())
    sealed = key.seal(b"text", b"p")
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for broken in (flipped, sealed[:-1], sealed[:5], b"", b"\x02" + sealed[1:]):
        with pytest.raises(SealBrokenError):
            key.open(broken, b"p")


def test_another_case_key_does_not_open(vault: Vault) -> None:
    first, second = (vault.open_key(vault.new_case_key()) for _ in range(2))
    with pytest.raises(SealBrokenError):
        second.open(first.seal(b"text", b"p"), b"p")


def test_destroyed_key_makes_contents_unreadable(vault: Vault) -> None:
    """Only the wrapped key in the row leads to the contents; no other way is left."""
    wrapped = vault.new_case_key()
    sealed = vault.open_key(wrapped).seal(b"text", b"p")
    with pytest.raises(KeyDestroyedError):
        vault.open_key(None)
    with pytest.raises(SealBrokenError):
        vault.open_key(vault.new_case_key()).open(sealed, b"p")


def test_wrapped_key_does_not_open_under_another_master_key(vault: Vault) -> None:
    with pytest.raises(SealBrokenError):
        Vault(bytes(32)).open_key(vault.new_case_key())


def test_wrapped_key_does_not_contain_the_key(vault: Vault) -> None:
    """The case key never appears in what the database keeps."""
    wrapped = vault.new_case_key()
    assert len(wrapped) == 1 + 12 + 32 + 16
    assert wrapped != vault.new_case_key()


def test_blind_index_finds_equal_texts_under_one_master_key(vault: Vault) -> None:
    number = "990001197801252812"
    assert vault.blind_index(number) == vault.blind_index(number)
    assert vault.blind_index(number) != vault.blind_index("990001197801252813")
    assert vault.blind_index(number) != Vault(bytes(32)).blind_index(number)
    assert len(vault.blind_index(number)) == 64


def test_load_or_create_keeps_the_key_private_and_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    wrapped = Vault.load_or_create(folder).new_case_key()
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    Vault.load_or_create(folder).open_key(wrapped)


def test_key_file_others_can_read_is_refused(tmp_path: Path) -> None:
    Vault.load_or_create(tmp_path)
    (tmp_path / "master.key").chmod(0o644)
    with pytest.raises(KeyExposedError):
        Vault.load_or_create(tmp_path)


def test_fingerprint_tells_master_keys_apart(vault: Vault) -> None:
    assert vault.fingerprint() == Vault(bytes(range(32))).fingerprint()
    assert vault.fingerprint() != Vault(bytes(32)).fingerprint()


def test_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short")
