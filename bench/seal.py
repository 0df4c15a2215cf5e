"""How long one seal takes, and one check; how heavy the process is.

Budget (issue 7): a PAdES B-T seal within 150 ms, warm, pipe included.
"""

from __future__ import annotations

import hashlib
import resource
import time
from datetime import UTC, datetime

from bench.figures import Figure, Spread
from bench.pdf import agreement
from webapp.pdf.renderer import RendererPool
from webapp.pdf.sealer import Sealer
from workflows.sealing.certificates import (
    load_issuer,
    make_root,
    make_seal_certificate,
    make_timestamp_authority,
)
from workflows.sealing.signing import KeyMaterial, SealPicture

SEAL_MS, CHECK_MS, FIRST_MS = 150, 150, 4000
ROUNDS = 20
UNIT = "肃州区西峰镇人民调解委员会"


def measure() -> list[Figure]:
    """First and following seals, checks of what was sealed, memory of the process."""
    now = datetime(2026, 9, 3, tzinfo=UTC)
    root = make_root("肃州区综治中心", now)
    issuer = load_issuer(root.certificate, root.key)
    stamp = make_timestamp_authority(issuer, "肃州区综治中心", now)
    unit = make_seal_certificate(issuer, UNIT, "620902104-TW", now)
    material = KeyMaterial(
        unit.certificate, unit.key, (root.certificate,), stamp.certificate, stamp.key
    )
    pool, sealer = RendererPool(), Sealer()
    pdf = pool.render(agreement(1), title="人民调解协议书", created=now).pdf
    pool.close()
    renderer = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    picture = SealPicture(UNIT, hashlib.sha256(pdf).hexdigest())
    seals, checks, size = [], [], 0
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        sealed = sealer.seal(pdf, material, picture, reason="完整性证据", moment=now)
        done = time.perf_counter()
        assert sealer.check(sealed, [root.certificate], []).holds
        seals.append(done - started)
        checks.append(time.perf_counter() - done)
        size = len(sealed) - len(pdf)
    sealer.close()
    most = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, renderer) / 1024
    return [
        Figure("first seal after start", seals[0] * 1000, "ms", FIRST_MS),
        Spread(tuple(seals[1:])).in_ms("following seals (PAdES B-T)", SEAL_MS),
        Spread(tuple(checks[1:])).in_ms("checks of a sealed file", CHECK_MS),
        Figure("a seal adds to a file", size / 1024, "KiB"),
        Figure("renderer or sealing process, most", most, "MiB"),
    ]
