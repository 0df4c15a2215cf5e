"""Signed papers on their way back: photos and PDFs are read, each page finds its document.

No rule about what may be signed comes in here, and no picture is decoded here (`reading.py` is the
port). Start at `send.py` (what people drop), then `take_in.py` (the worker reads it), `placing.py`
(whose page it is) and `filing.py` (a whole document becomes a file of its case).
"""
