"""DMN: decision tables with every hit policy, requirement diagrams, boxed expressions.

`load` reads one file and refuses what is broken; `Decisions.evaluate` decides, `explain` also says
which rules did it, `problems` and `findings` tell a writer what is wrong. Pure: no I/O, no clock.
XML is read in `source.py` and `read_*.py` into `model.py`; `plan.py` compiles it; hit policies are
in `hits.py`, the checks of tables in `findings.py`. Start reading at `decisions.py`.
"""

from workflows.decisions.decisions import Decisions, Explained, load
from workflows.decisions.errors import DecisionError
from workflows.decisions.findings import TableFinding
from workflows.decisions.problems import Problem
from workflows.decisions.sheet import Sheet, SheetRule

__all__ = [
    "DecisionError",
    "Decisions",
    "Explained",
    "Problem",
    "Sheet",
    "SheetRule",
    "TableFinding",
    "load",
]
