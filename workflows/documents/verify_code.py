"""The code printed beside the QR picture: short enough to read out, too long to guess."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 1 I L O U: nobody has to ask which one is meant."""

GROUPS, GROUP_LENGTH = 3, 4
"""12 letters of 30: 59 bits, while `/verify` answers a few questions a minute."""

WRITTEN = re.compile(rf"(?:[{ALPHABET}]{{{GROUP_LENGTH}}}-){{{GROUPS - 1}}}[{ALPHABET}]{{4}}")


def new_verify_code() -> str:
    """A fresh code like `7K3M-Q9TX-22HD`."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def read_verify_code(text: str) -> str | None:
    """The code as stored, however it was typed (small letters, blanks); None if it is none."""
    bare = re.sub(r"[\s-]", "", text).upper()
    code = "-".join(bare[i : i + GROUP_LENGTH] for i in range(0, len(bare), GROUP_LENGTH))
    return code if WRITTEN.fullmatch(code) else None
