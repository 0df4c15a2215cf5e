"""The same work for programs: API v1 below `/api/v1`, described by itself.

Views ask the use cases the pages ask; nothing is decided here. `operations.py` is the frame of
every view: it reads what was sent, and the published description is made from the same
declarations. Start at `routes.py`; docs/api.md tells callers what they need.
"""
