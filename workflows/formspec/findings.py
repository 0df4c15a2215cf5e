"""What is wrong with a form as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.errors import PackageError
from workflows.messages import Message


@dataclass(frozen=True, slots=True)
class FormFinding:
    """One thing to mend. `severity`: "error" | "warning". `path`: where in the schema or uiSchema
    ("properties.amount", "ui:visible.amount"), "" for the whole file."""

    severity: str
    path: str
    message: Message


class FormDefinitionError(PackageError):
    """A form cannot be used as it is written. `findings`: everything that is wrong with it."""

    def __init__(self, findings: Sequence[FormFinding]) -> None:
        super().__init__(findings)

    @property
    def problems(self) -> tuple[Message, ...]:
        """The errors as sentences that name the place."""
        return tuple(
            Message("form.definition.at", {"path": finding.path, "why": finding.message})
            if finding.path
            else finding.message
            for finding in self.findings
            if isinstance(finding, FormFinding) and finding.severity == "error"
        )


class Findings:
    """Collects while a form is read; reading goes on after an error."""

    def __init__(self) -> None:
        self.found: list[FormFinding] = []

    def error(self, path: str, code: str, /, **params: object) -> None:
        self.found.append(FormFinding("error", path, Message(f"form.definition.{code}", params)))

    def warn(self, path: str, code: str, /, **params: object) -> None:
        self.found.append(FormFinding("warning", path, Message(f"form.definition.{code}", params)))

    @property
    def broken(self) -> bool:
        return any(finding.severity == "error" for finding in self.found)
