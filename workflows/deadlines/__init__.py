"""Legal time limits: from a rule, a base and a calendar to a due date, with the reasons.

`compute.py` is pure and small: start there. Rules and calendars are data (`data/*.toml`, plus
rows an office adds, `tables.py`); `book.py` finds the one that counts for a unit.
No clocks here: what is running, paused or extended belongs to `cases`. Nothing reads the time.
"""

from workflows.deadlines.book import RuleBook
from workflows.deadlines.calendar import Calendar, CalendarYear
from workflows.deadlines.compute import Due, DueStatus, compute_due
from workflows.deadlines.rules import Extension, Rule, check_extension

__all__ = [
    "Calendar",
    "CalendarYear",
    "Due",
    "DueStatus",
    "Extension",
    "Rule",
    "RuleBook",
    "check_extension",
    "compute_due",
]
