"""What the pages of outside lists show: files, rows that wait, one row.

Every function answers with frozen records; scope and access are the session's and `store`'s.
"""
