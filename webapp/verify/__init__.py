"""核验: what anybody may ask about a document of this house, by its code or with its file.

Public, without names and case numbers. `workflows/sealing/verify.py` decides what is said;
an uploaded file is read in a process of its own (`checker.py`). Start at `routes.py`.
"""
