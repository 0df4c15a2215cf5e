"""Past cases through another version: the same path, or where and how it parts.

`walk.py` is the heart: old and new version take every recorded command side by side. `runs.py`
reads runs from the journal, `past.py` replays one and sums many up. `orders.py`, `work.py` and
`view.py` are the same as somebody's order that the worker carries out. No way leads out of here:
no outbox row of a case, no document, no number.
"""
