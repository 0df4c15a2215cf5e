"""Two versions of a package side by side: what is otherwise, and whether it shifts power.

Pure. In: two trees. Out: a `Comparison` of changes with their words. Start at `comparison.py`; each
kind of part has a module of its own, `power.py` says when a second person has to look.
"""
