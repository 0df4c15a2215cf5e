"""Who works where: units as a tree, people, dated posts, roles as data, leave, accounts.

A role is called by its Chinese name, a unit by its code, a person in process data by username.
Cases, processes and pages must not come in here.
Start reading at `tables.py`, then `actors.py` (who somebody is today) and `candidates.py`.
"""

from workflows.organisation.roles import role_names

__all__ = ["role_names"]
