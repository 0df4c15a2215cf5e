"""Opens a run for the length of one decide: specs, FEEL, counter and state brought together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition

from workflows.engine.counter import counting
from workflows.engine.environment import FeelEngine, FeelEnvironment, World
from workflows.engine.expressions import asking
from workflows.engine.pruning import prune
from workflows.engine.run import Run
from workflows.engine.standing import Standing, end_of, stand
from workflows.engine.state import forget_predicted, predict, read_state, write_state
from workflows.engine.version import ProcessVersion


@dataclass
class Live:
    """A run that is loaded. Not shared between threads; after its block only for `resumed`."""

    version: ProcessVersion
    run: Run
    environment: FeelEnvironment
    counter: list[int]
    ended: str | None
    """End reached in an earlier decide, None while open."""

    def settle(self) -> None:
        """Engine steps until something outside is needed. ProcessFaultError: throw away."""
        self.run.settle()

    def standing(self) -> Standing:
        """What waits now."""
        return stand(self.run)

    def see(self, world: World) -> None:
        """From now on expressions read these facts."""
        self.environment.see(world)

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """Messages thrown since the last time: (name, payload). Each is told once."""
        return [
            (event.event_definition.name, event.payload)
            for event in self.run.get_events()
            if isinstance(event.event_definition, MessageEventDefinition)
        ]

    def reached(self) -> str | None:
        """The spine's end event if the run is complete, else None."""
        return end_of(self.run)

    def cancel(self) -> None:
        """Ends everything where it stands."""
        self.run.cancel()

    def rest(self, ended: str | None) -> None:
        """Settles down until the next command, pruned. `ended` as for `state`."""
        prune(self.run)
        forget_predicted(self.run)
        self.ended = ended

    def state(self, ended: str | None) -> bytes:
        """The run as bytes, pruned. `ended`: the end it reached, None while open."""
        prune(self.run)
        return write_state(self.run, process=self.version.key, counter=self.counter[0], ended=ended)


def _nobody(_role: str) -> Sequence[str]:
    return ()


@contextmanager
def started(
    version: ProcessVersion,
    world: World,
    data: Mapping[str, Any],
    people: Callable[[str], Sequence[str]] = _nobody,
) -> Iterator[Live]:
    """A new run with its first process values, not settled yet. `people`: role → usernames."""
    with counting() as counter, asking(people):
        environment = _environment(version, world)
        run = Run(version.spec, version.subs, script_engine=FeelEngine(environment))
        run.task_tree.data.update(data)
        yield Live(version, run, environment, counter, None)


@contextmanager
def loaded(
    version: ProcessVersion,
    world: World,
    state: bytes,
    people: Callable[[str], Sequence[str]] = _nobody,
) -> Iterator[Live]:
    """A stored run. StateError where the bytes are damaged or of another process."""
    with counting() as counter, asking(people):
        environment = _environment(version, world)
        run, ended = read_state(
            state,
            process=version.key,
            spec=version.spec,
            subs=version.subs,
            engine=FeelEngine(environment),
            cell=counter,
        )
        yield Live(version, run, environment, counter, ended)


@contextmanager
def resumed(
    live: Live, world: World, people: Callable[[str], Sequence[str]] = _nobody
) -> Iterator[Live]:
    """A run that was kept in memory, for its next command: as `loaded` gives it, without bytes."""
    with counting(live.counter), asking(people):
        live.environment = _environment(live.version, world)
        live.run.script_engine = FeelEngine(live.environment)
        predict(live.run)
        yield live


def _environment(version: ProcessVersion, world: World) -> FeelEnvironment:
    return FeelEnvironment(version.expressions, version.decisions, world)
