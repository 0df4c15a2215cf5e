"""Who is told what: a line for somebody whose work another person's act or a time limit touched.

A notice holds a number and a task's title, never a name and never what a case is about. It is
written by the transaction that causes it; whether it is also sent by e-mail is settled in the same
statement. Nothing here knows work items: `cases` says what happened. Start at `tell.py`.
"""
