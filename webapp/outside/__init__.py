"""Lists of other systems: import, what waits to be matched, export, the copy page of a case.

No row is matched and no value chosen here: files go to `workflows.outside`, records come back.
Start at `routes.py`; `inputs.py` reads what was sent, `page.py` fills the templates.
"""
