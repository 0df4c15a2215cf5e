"""The inbox: what waits for the actor, claimed one by one or many at once.

What an item *is* lives in `workflows.cases`; the page of one item in `webapp/cases`. Start at
`page.py`.
"""
