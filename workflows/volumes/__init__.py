"""卷宗: all papers of one procedure as one numbered PDF, and what an archivist says of it.

Which papers (`contents.py`) is the package's data; making the PDF is an order the worker carries
out (`order.py`, `assemble.py`) with a binder behind a port (`binding.py`). Restricted cases and
runs never come in. Start reading at `contents.py`, then `assemble.py`.
"""
