"""Handoffs 对接: a matter goes on in another unit's procedure, and its answer comes back.

A handoff makes a case of its own at the other side, holding exactly what the sender's package
names; neither side sees the other's case beyond title, state and clocks. Transport is the outbox:
nothing is lost, nothing done twice. What a run does stays in `cases`; pages stay in the web.
Start at `send.py`, then `deliver.py`, `answer.py`, `reply.py`.
"""
