"""What calls about moving cases send and get: orders, how far they are, reasons, cases."""

from __future__ import annotations

from typing import Literal, cast

from pydantic import Field
from typing_extensions import TypedDict

from webapp.api.fields import Id, Sent
from webapp.api.packages import Number
from webapp.pages.formats import spoken
from workflows.rollout.migration.orders import MOST_CHOSEN, OrderMigration
from workflows.rollout.migration.view import CaseView, JobPage

Verdict = Literal["waiting", "can", "moved", "stays", "reverted"]


class Migrate(Sent):
    """From which version; what would become of the cases, or move them; all or these."""

    from_: Number = Field(alias="from")
    dry_run: bool
    cases: list[Id] | None = Field(None, max_length=MOST_CHOSEN)

    def command(self, package: str, after: int) -> OrderMigration:
        """The order for the rollout room."""
        return OrderMigration(package, self.from_, after, self.dry_run, self.cases)


class StayReason(TypedDict):
    code: str
    message: str
    element: str | None
    cases: int


class MovedCase(TypedDict):
    case: str
    run: str
    number: str
    title: str
    verdict: Verdict
    message: str | None
    can_revert: bool


JobResult = TypedDict(
    "JobResult",
    {
        "package": str,
        "from": int,
        "to": int,
        "dry_run": bool,
        "counts": dict[Verdict, int],
        "stay_reasons": list[StayReason],
        "cases": list[MovedCase],
        "next": str | None,
    },
)


def result(page: JobPage) -> JobResult:
    """What became of the cases of an order so far."""
    view = page.job
    return {
        "package": f"{view.key}@{view.unit}" if view.unit else view.key,
        "from": view.before,
        "to": view.after,
        "dry_run": view.dry_run,
        "counts": cast(dict[Verdict, int], view.counts),
        "stay_reasons": [
            {
                "code": one.message.code,
                "message": spoken(one.message),
                "element": one.element,
                "cases": one.cases,
            }
            for one in page.reasons
        ],
        "cases": [_case(one) for one in page.cases],
        "next": page.next,
    }


def _case(one: CaseView) -> MovedCase:
    return {
        "case": one.case,
        "run": one.run,
        "number": one.number,
        "title": one.title,
        "verdict": cast(Verdict, one.verdict),
        "message": spoken(one.reason) if one.reason else None,
        "can_revert": one.can_revert,
    }
