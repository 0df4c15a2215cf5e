"""The exception tree of the house.

Every refusal below the web is one of these; each carries a `Message`, never a finished
sentence. Only `webapp/errors.py` knows which HTTP status a class becomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.messages import Message


class FengqiaoError(Exception):
    """Root of all domain errors. Nothing has been written when one reaches the edge."""

    def __init__(self, code: str, /, **params: object) -> None:
        self.message = Message(code, params)
        super().__init__(f"{code} {params}" if params else code)


class InvalidInputError(FengqiaoError):
    """A value has the wrong shape (a malformed id, cursor, date, file)."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field.

    `path` is a JSON Pointer into the submitted values (`/parties/0/id_number`), `""` for the
    whole submission.
    """

    path: str
    message: Message


class InvalidFormError(FengqiaoError):
    """A submission has wrong fields. `errors` holds all of them, in the form's order."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("form.invalid", count=len(self.errors))


class NotSignedInError(FengqiaoError):
    """Nobody is signed in, or the token is not known."""


class ForbiddenError(FengqiaoError):
    """The actor can see the thing but may not do this to it; the message says why."""


class SecondPersonError(ForbiddenError):
    """The act shifts power and nobody else has looked at it yet; `reasons` say what it touches."""

    def __init__(self, reasons: Sequence[Message]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("package.needs_second_person", count=len(self.reasons))


class NotVisibleError(FengqiaoError):
    """The thing does not exist for this actor. Said of absent and of hidden things alike."""


class ConflictError(FengqiaoError):
    """Somebody was faster. Base of the three below."""


class StaleRevisionError(ConflictError):
    """The expected revision is not the stored one."""


class AlreadyDoneError(ConflictError):
    """The work item is finished, or a due clock overtook it."""


class KeyReusedError(ConflictError):
    """An idempotency key came back with another body."""


class RuleError(FengqiaoError):
    """A rule of law or of the process forbids the act (an `occurred_at` in the future…)."""


class ProcessFaultError(FengqiaoError):
    """The diagram or a decision cannot go on (no exit is true, a null decision…).

    The run is unchanged; the message names the element for the process owner.
    """


class PackageError(FengqiaoError):
    """A process package cannot be loaded; `findings` of the gate say why."""

    def __init__(self, findings: Sequence[object]) -> None:
        self.findings = tuple(findings)
        super().__init__("package.refused", count=len(self.findings))
