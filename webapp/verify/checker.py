"""The sealing process with which this web process checks files; it never sees a key."""

from __future__ import annotations

import atexit
from threading import Lock

from flask import current_app

from webapp.pdf.sealer import Sealer
from workflows.sealing.signing import Signer

EXTENSION = "fengqiao.sealer"
_making = Lock()


def checker() -> Signer:
    """The checker of this app: the one it was given as an extension, else one of its own, which
    starts with the first file and ends with the process."""
    found: Signer | None = current_app.extensions.get(EXTENSION)
    if found is None:
        with _making:
            found = current_app.extensions.get(EXTENSION)
            if found is None:
                own = Sealer()
                atexit.register(own.close)
                found = current_app.extensions[EXTENSION] = own
    return found
