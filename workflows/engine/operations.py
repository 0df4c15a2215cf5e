"""What a service task may ask for: signatures the gate can read.

A local operation is answered inside the transaction by a port of the site; a remote one leaves by
the outbox and stays open until its answer comes. How either is done is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class OperationSignature:
    """One operation. `parameters` and `result`: name → FEEL type. `required`: the parameters that
    must be given. `note`: what the timeline says when a local one is done (`engine.<note>`), ""
    nothing."""

    name: str
    local: bool
    parameters: Mapping[str, str]
    result: Mapping[str, str]
    required: frozenset[str] = frozenset()
    note: str = ""


OPERATIONS: Mapping[str, OperationSignature] = MappingProxyType(
    {
        signature.name: signature
        for signature in (
            OperationSignature(
                "number.issue",
                local=True,
                parameters={"series": "string"},
                result={"number": "string"},
            ),
            OperationSignature(
                "case.seal",
                local=True,
                parameters={},
                result={"sealed": "boolean"},
                note="case_sealed",
            ),
            OperationSignature(
                "clock.extend",
                local=True,
                parameters={"rule": "string", "days": "number"},
                result={"due_on": "string"},
                required=frozenset({"rule", "days"}),
                note="clock_extended",
            ),
            OperationSignature(
                "document.create",
                local=True,
                parameters={"kind": "string"},
                result={"document": "string"},
                required=frozenset({"kind"}),
            ),
            OperationSignature(
                "document.seal",
                local=True,
                parameters={"kind": "string"},
                result={"ordered": "boolean"},
                required=frozenset({"kind"}),
            ),
            OperationSignature(
                "handoff.send",
                local=True,
                parameters={"kind": "string", "to": "string", "to_name": "string"},
                result={"handoff": "string", "kind": "string", "returns": "number"},
                required=frozenset({"kind"}),
            ),
            OperationSignature(
                "handoff.answer",
                local=True,
                parameters={
                    "outcome": "string",
                    "reason": "string",
                    "data": "context",
                    "documents": "list",
                    "letter": "string",
                },
                result={"answered": "boolean"},
                required=frozenset({"outcome"}),
            ),
            OperationSignature(
                "handoff.withdraw",
                local=True,
                parameters={"handoff": "string", "reason": "string"},
                result={"withdrawn": "boolean"},
                required=frozenset({"handoff"}),
            ),
            OperationSignature(
                "notify.send",
                local=False,
                parameters={"to": "any", "template": "string", "data": "context"},
                result={"sent": "boolean"},
                required=frozenset({"to", "template"}),
            ),
            OperationSignature(
                "http.call",
                local=False,
                parameters={"connection": "string", "path": "string", "body": "any"},
                result={"status": "number", "body": "any"},
                required=frozenset({"connection", "path"}),
            ),
        )
    }
)
"""Operations every installation has, by name."""
