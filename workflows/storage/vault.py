"""Keys. Each case has its own data key; destroying it is erasing the case's contents.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The master key wraps the case keys and
never touches data; the wrapping and the look-up key are derived from it with HKDF (RFC 5869).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workflows.errors import FengqiaoError
from workflows.storage.types import Ciphertext

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
"""First byte of everything sealed: how the rest is to be read."""

KEY_FILE = "master.key"


class SealBrokenError(FengqiaoError):
    """Sealed bytes were changed, moved to another place, or sealed by another key."""


class KeyDestroyedError(FengqiaoError):
    """The case's key was destroyed; its contents are erased for good."""


class KeyExposedError(FengqiaoError):
    """The master key file can be read by others than its owner."""


class OtherMasterKeyError(FengqiaoError):
    """The master key file is not the one this database began with."""


class CaseKey:
    """The open data key of one case."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, aad: bytes) -> Ciphertext:
        """Sealed bytes. `aad` names the place they belong to (table, row, column): they cannot
        be opened anywhere else."""
        nonce = os.urandom(NONCE_BYTES)
        return Ciphertext(FORMAT + nonce + self._cipher.encrypt(nonce, plain, aad))

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """The plain bytes; SealBrokenError if they or their place changed."""
        if sealed[:1] != FORMAT:
            raise SealBrokenError("storage.seal_broken")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, aad)
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError("storage.seal_broken") from error


class Vault:
    """Makes and opens case keys, and makes look-up values for secrets."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._wrapping = CaseKey(_derive(master_key, b"fengqiao case keys"))
        self._index_key = _derive(master_key, b"fengqiao blind index")

    @classmethod
    def load_or_create(cls, folder: Path) -> Vault:
        """The vault of the key file in `folder`, made at the first start (0600, in a 0700
        folder). KeyExposedError if others may read the file."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / KEY_FILE
        if not path.exists():
            _create_key_file(path)
        if path.stat().st_mode & 0o077:
            raise KeyExposedError("storage.key_exposed", path=str(path))
        return cls(path.read_bytes())

    def new_case_key(self) -> bytes:
        """A new data key, wrapped: this is what the database keeps."""
        return self._wrapping.seal(os.urandom(KEY_BYTES), b"case key")

    def open_key(self, wrapped: bytes | None) -> CaseKey:
        """The data key; KeyDestroyedError for None, SealBrokenError under another master key."""
        if wrapped is None:
            raise KeyDestroyedError("storage.key_destroyed")
        return CaseKey(self._wrapping.open(wrapped, b"case key"))

    def blind_index(self, text: str) -> str:
        """A value that finds equal texts (an ID number) without storing them: HMAC-SHA-256, hex.
        Callers bring the text to one form first."""
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()

    def fingerprint(self) -> str:
        """Tells master keys apart without giving anything away."""
        return self.blind_index("fengqiao fingerprint")[:16]


def _derive(master_key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(master_key)


def _create_key_file(path: Path) -> None:
    """Written aside and linked into place: two processes starting together get the same key,
    and a crash never leaves half a key."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
