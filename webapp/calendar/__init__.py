"""Calendars: a person's time limits for other programs, and the holidays an office enters.

The secret of a feed is made and revoked in `webapp/account`. Start at `routes.py`; what a new year
does to open clocks is `workflows/cases/recount.py`.
"""
