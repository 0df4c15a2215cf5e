"""Cases of the demo: a working week of a town's mediation committee. All invented.

`disputes.json` holds what people say and want, `cases.json` how far each matter has come and how
many working days ago. `plan.py` turns both into acts with moments in the past, `forms.py` into what
would have been typed, `desk.py` does one act through the use cases of the site, `build.py` all of
them in the order of time. Start at `build.py`. Nothing here writes rows of its own.
"""

from workflows.rollout.demo.accounts import list_named_accounts
from workflows.rollout.demo.build import build_demo_cases

__all__ = ["build_demo_cases", "list_named_accounts"]
