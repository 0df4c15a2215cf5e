"""The passphrase of the seal keys: a file of its own in the secrets folder, in no backup.

Keys in the database are sealed with AES-256-GCM under a key derived from it (HKDF, RFC 5869), bound
to the serial number of their certificate.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workflows.errors import FengqiaoError
from workflows.storage.types import Ciphertext
from workflows.storage.vault import KEY_BYTES, CaseKey, KeyExposedError, SealBrokenError

FILE = "seal.passphrase"
PASSPHRASE_BYTES = 32


class PassphraseError(FengqiaoError):
    """The passphrase is not there or not the one the keys were sealed with; nothing was changed."""


class Keyring:
    """Opens and closes private keys. Reads its file when it is first needed and not before: a
    server that only shows pages never holds the passphrase."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    @property
    def exists(self) -> bool:
        """Whether this machine has the passphrase."""
        return self._path.is_file()

    def create(self) -> None:
        """Makes the file (0600, in a 0700 folder) unless it is there already."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self._path.with_suffix(f".{secrets.token_hex(4)}")
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_hex(PASSPHRASE_BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, self._path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()

    def close(self, serial: str, key: bytes) -> Ciphertext:
        """A private key (PKCS#8, DER) as the database keeps it. Raises PassphraseError."""
        return self._cipher().seal(key, _place(serial))

    def open(self, serial: str, sealed: bytes) -> bytes:
        """The private key of the certificate `serial`. Raises PassphraseError."""
        try:
            return self._cipher().open(sealed, _place(serial))
        except SealBrokenError as error:
            raise PassphraseError("sealing.passphrase_wrong") from error

    def _cipher(self) -> CaseKey:
        try:
            if self._path.stat().st_mode & 0o077:
                raise KeyExposedError("storage.key_exposed", path=self._path.name)
            passphrase = self._path.read_bytes().strip()
        except FileNotFoundError as error:
            raise PassphraseError("sealing.passphrase_missing") from error
        derived = HKDF(
            algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"fengqiao seal keys"
        ).derive(passphrase)
        return CaseKey(derived)


def _place(serial: str) -> bytes:
    return f"seal key/{serial}".encode()
