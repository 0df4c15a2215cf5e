"""The loop: nothing one source does or suffers keeps the others waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.factories.jobs import KilledError, PretendSource
from workflows.jobs.worker import Worker


def fail() -> int:
    raise KeyError("database away")


def test_one_turn_asks_every_source_and_counts_what_was_done() -> None:
    one, two = PretendSource("one", [lambda: 2]), PretendSource("two", [lambda: 3])
    assert Worker([one, two]).run_once() == 5
    assert (one.done, two.done) == (1, 1)


def test_failing_source_does_not_stop_the_next_one() -> None:
    good = PretendSource("good", [lambda: 1])
    assert Worker([PretendSource("bad", [fail]), good]).run_once() == 1


def test_until_idle_goes_on_while_anything_was_done() -> None:
    source = PretendSource("one", [lambda: 1, lambda: 2, lambda: 0, lambda: 9])
    assert Worker([source]).run_until_idle() == 3
    assert source.done == 3


def test_work_without_end_is_an_error() -> None:
    endless = PretendSource("endless", [lambda: 1] * 10)
    with pytest.raises(RuntimeError, match="still work after 5 turns"):
        Worker([endless]).run_until_idle(most_turns=5)


@contextmanager
def running(worker: Worker) -> Iterator[threading.Event]:
    """The worker in a thread; told to stop at the end, which it must do at once."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    yield stop
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def wait_for(source: PretendSource, turns: int) -> float:
    """Seconds until the source has had so many turns."""
    begun = time.monotonic()
    while source.done < turns:
        assert time.monotonic() - begun < 5
        time.sleep(0.01)
    return time.monotonic() - begun


def test_due_clock_does_not_wait_for_a_slow_source() -> None:
    release = threading.Event()
    slow = PretendSource("documents", [lambda: int(release.wait(5))])
    quick = PretendSource("clocks", [lambda: 1])
    with running(Worker([slow, quick])):
        assert wait_for(quick, 1) < 2
        assert slow.done == 1
        release.set()


def test_busy_source_is_asked_again_at_once() -> None:
    busy = PretendSource("busy", [lambda: 1] * 50)
    with running(Worker([busy])):
        assert wait_for(busy, 50) < 2


def test_failed_source_is_asked_again_after_a_pause() -> None:
    source = PretendSource("flaky", [fail, lambda: 1])
    with running(Worker([source])):
        assert 1.5 < wait_for(source, 2) < 4


def killed() -> int:
    raise KilledError


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_worker_ends_when_a_thread_has_died() -> None:
    """Better no worker, which is started again, than one without its clocks."""
    stop = threading.Event()
    worker = Worker([PretendSource("dies", [killed]), PretendSource("lives")])
    with pytest.raises(RuntimeError, match="died"):
        worker.run(stop)
    assert stop.is_set()
