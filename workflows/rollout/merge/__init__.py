"""An office's own way meets a newer version of the package it was made from.

Pure. `plan.py` says piece by piece what the newer version has otherwise, and where the office has
changed the same thing; `apply.py` takes the chosen pieces into the office's tree. What a choice
leaves inconsistent the gate tells of the draft.
"""
