"""`python -m bench [name …] [--json]`: measures and prints one table; the exit code is always 0.

Names: state, complete, clocks, replay, large, inbox, memory, pdf, seal, check, migrate, volume,
studio, desk; without a name all but `check`, `migrate`, `volume`, `studio` and `desk`.
Each figure stands beside its budget; figures without one explain the line above them.
"""

from __future__ import annotations

import json
import sys
import traceback
from importlib import import_module

from bench.figures import Figure, as_json, table

NAMES = ("state", "complete", "clocks", "replay", "large", "inbox", "memory", "pdf", "seal")
MORE = ("check", "migrate", "volume", "studio", "desk")


def main(arguments: list[str]) -> int:
    """Runs the named measurements one after another."""
    names = [name for name in arguments if not name.startswith("-")] or list(NAMES)
    unknown = [name for name in names if name not in (*NAMES, *MORE)]
    if unknown:
        print(f"no such measurement: {', '.join(unknown)} (known: {', '.join((*NAMES, *MORE))})")
        return 0
    figures: list[Figure] = []
    for name in names:
        print(f"{name} …", file=sys.stderr)
        try:
            figures.extend(import_module(f"bench.{name}").measure())
        except Exception:
            traceback.print_exc()
            figures.append(Figure(f"{name} broke off", float("nan"), "", 0))
    if "--json" in arguments:
        print(json.dumps(as_json(figures), ensure_ascii=False))
    else:
        print(table(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
