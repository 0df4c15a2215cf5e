"""Reads of handoffs for pages and programs: the list of letters, one letter, what a case is linked
to. Of the other side's case they tell number, procedure, state and clock, never more."""
