"""Where sealed contents of handoffs belong (see `workflows.cases.sealing`), and topics of the
outbox."""

from __future__ import annotations

DELIVER_TOPIC = "handoff.deliver"
"""Outbox: a handoff is to be opened at the other side. Payload {"handoff"}."""
REPLY_TOPIC = "handoff.reply"
"""Outbox: a word of the other side is to reach the sender. Payload {"handoff", "number"}."""
RECALL_TOPIC = "handoff.recall"
"""Outbox: the sender has gone on; the other side's run is to end. Payload {"handoff"}."""


def sent_place(handoff_id: int) -> str:
    """The parcel under the sender's key."""
    return f"handoff/{handoff_id}/sent"


def received_place(handoff_id: int) -> str:
    """The parcel under the receiver's key."""
    return f"handoff/{handoff_id}/received"


def answer_place(handoff_id: int, number: int) -> str:
    """What came back."""
    return f"handoff/{handoff_id}/answer/{number}"


def message_id(handoff_id: int, number: int) -> str:
    """Under which an answer arrives once at the sender's case."""
    return f"handoff/{handoff_id}/{number}"
