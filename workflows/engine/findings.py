"""What a check says about a package: findings, and the errors that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workflows.errors import FengqiaoError, PackageError
from workflows.messages import Message


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of a check.

    `severity`: an error keeps a package from being published, a warning does not. `code`: of the
    message. `element`: BPMN id it speaks of (an element, flow, lane, process or decision), None
    for the whole file. `file`, `line`: where it stands, lines counted from 1.
    """

    severity: Literal["error", "warning"]
    code: str
    element: str | None
    message: Message
    file: str | None = None
    line: int | None = None


def error(
    code: str,
    element: str | None = None,
    file: str | None = None,
    line: int | None = None,
    **params: object,
) -> Finding:
    """An error of this room; `engine.` is put before the code."""
    return _finding("error", code, element, file, line, params)


def warning(
    code: str,
    element: str | None = None,
    file: str | None = None,
    line: int | None = None,
    **params: object,
) -> Finding:
    """A warning of this room; `engine.` is put before the code."""
    return _finding("warning", code, element, file, line, params)


def _finding(
    severity: Literal["error", "warning"],
    code: str,
    element: str | None,
    file: str | None,
    line: int | None,
    params: dict[str, object],
) -> Finding:
    full = f"engine.{code}"
    told = {"element": element or file or "", **params}
    return Finding(severity, full, element, Message(full, told), file, line)


class EngineError(PackageError):
    """Diagrams or decisions cannot become a process; `findings` say why."""


class UnreadableDiagramError(EngineError):
    """A file is not safe, well-formed XML of the right kind."""


class BrokenDiagramError(EngineError):
    """The files can be read, but what they draw cannot run."""


class StateError(FengqiaoError):
    """Stored state cannot be read: damaged, of a newer format, or of another process."""
