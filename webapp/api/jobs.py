"""What calls about jobs get: how far one is and what came of it, whatever it does."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from webapp.api import migrations, replays
from webapp.api.fields import Asked, Cursor
from webapp.pages.now import platform
from webapp.security import current_actor
from workflows.rollout.migration import orders as moving
from workflows.rollout.migration.view import load_job_page
from workflows.rollout.replay import orders as replaying
from workflows.rollout.replay.view import is_replay, load_replay_page


class ReadJob(Asked):
    """Which part of its cases."""

    cursor: Cursor | None = None


class JobStarted(TypedDict):
    job: str


class Job(TypedDict):
    """`done` of `total` cases are decided."""

    id: str
    kind: Literal["migrate", "replay"]
    state: Literal["open", "stopped", "done"]
    done: int
    total: int
    result: migrations.JobResult | replays.ReplayResult


def read(job: str, cursor: str | None = None) -> Job:
    """A job as it stands, with one page of its cases. NotVisibleError, ForbiddenError."""
    if _is_replay(job):
        walked = load_replay_page(platform(), current_actor(), job, after=cursor)
        return {
            "id": walked.job.id,
            "kind": "replay",
            "state": walked.job.state,  # type: ignore[typeddict-item]
            "done": walked.job.done,
            "total": walked.job.total,
            "result": replays.result(walked),
        }
    moved = load_job_page(platform(), current_actor(), job, after=cursor)
    return {
        "id": moved.job.id,
        "kind": "migrate",
        "state": moved.job.state,  # type: ignore[typeddict-item]
        "done": moved.job.done,
        "total": moved.job.total,
        "result": migrations.result(moved),
    }


def stop(job: str) -> None:
    """No further case is looked at. NotVisibleError, ForbiddenError, ConflictError."""
    act = replaying.stop_replay if _is_replay(job) else moving.stop_migration
    act(platform(), current_actor(), job)


def resume(job: str) -> None:
    """Goes on where it was stopped. NotVisibleError, ForbiddenError, ConflictError."""
    act = replaying.resume_replay if _is_replay(job) else moving.resume_migration
    act(platform(), current_actor(), job)


def _is_replay(job: str) -> bool:
    return is_replay(platform(), current_actor(), job)
