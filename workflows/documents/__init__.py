"""What each legal document says: frozen facts, a package's text, the house's printed page.

A document is asked for by a diagram (`operations.py`: a row and frozen facts, no bytes), made later
by the worker or the first reader (`make.py`), or shown before anything is decided (`draft.py`).
Laying a page out belongs to the web and comes in through a port (`rendering.py`); what a diagram
does next belongs to the engine. Start reading at `operations.py`, then `compose.py`.
"""
