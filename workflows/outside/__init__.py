"""Outside systems 外部系统: their lists come in, ours go out in their columns, numbers go back.

A province, a court, a petition office keeps its own platform; which columns it has and where each
comes from is data (`data/*.toml`, and files of the office's own). Rows that come in are matched to
cases; what cannot be matched waits in a list until a person decides. What another unit's package
does stays in `cases` and `handoffs`; pages stay in the web. Start at `systems.py`, `match.py`.
"""
