"""The only room that imports SpiffWorkflow: parse, check, run, state bytes.

In: diagrams, decisions and names of a package. Out: a `ProcessVersion`, findings, and runs that
live for one decide and leave as opaque bytes. No database, no clock, no facts of a case beyond
what a decide hands in. Start at `compile.py`, then `run.py`; why each seam differs from the
library stands at the top of `waiting.py`, `gateways.py`, `instances.py`, `thrown.py`.
"""

from workflows.engine.check import check_files, check_process
from workflows.engine.checks.parts import Surroundings
from workflows.engine.compile import Files, build_version, compile_process, read_files
from workflows.engine.elements import Element
from workflows.engine.findings import EngineError, Finding, StateError
from workflows.engine.operations import OPERATIONS, OperationSignature
from workflows.engine.version import ProcessVersion, maker

__all__ = [
    "OPERATIONS",
    "Element",
    "EngineError",
    "Files",
    "Finding",
    "OperationSignature",
    "ProcessVersion",
    "StateError",
    "Surroundings",
    "build_version",
    "check_files",
    "check_process",
    "compile_process",
    "maker",
    "read_files",
]
