"""Cases for the people who handle them: the list, one case, one task, a new case, its reasons.

No rule of a case is decided here: commands go to `workflows.cases`, records come back. Start at
`routes.py`; `page.py` turns records into what templates show.
"""
