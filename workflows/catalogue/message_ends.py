"""Messages need two ends: one side of each is drawn in the package, the other is said elsewhere.

A message that is waited for comes from a declared sender outside (`senders`), as the answer to a
letter (`[[handoffs]]`), or is the parties' withdrawal. A thrown one has no other end: what leaves
for another unit leaves as a letter, what leaves for a person as a notice (docs/handoffs.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workflows.engine.elements import Diagram
from workflows.engine.findings import Finding
from workflows.messages import Message

if TYPE_CHECKING:
    from workflows.catalogue.manifest import Manifest

WITHDRAW = ".withdraw"
_THROWS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})


def check_message_ends(diagram: Diagram, manifest: Manifest) -> Iterator[Finding]:
    """Errors at every message event whose other end is nowhere."""
    answers = {name for one in manifest.handoffs for name in one.messages.values()}
    known = answers | {manifest.key + WITHDRAW}
    for element in diagram.elements.values():
        if element.event != "message" or not element.name:
            continue
        if element.kind in _THROWS:
            code = "package.message_unheard"
        elif element.name in known or manifest.senders:
            continue
        else:
            code = "package.message_unsent"
        told = {"element": element.id, "name": element.name}
        yield Finding("error", code, element.id, Message(code, told), element.file, element.line)
