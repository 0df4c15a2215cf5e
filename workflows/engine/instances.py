"""Multi-instance activities that keep their hands off other names.

The library merges an instance's whole data into the outer data (reverting what others wrote, and
mixing lists item by item) unless an output collection is named, and it takes a null completion
condition for "go on".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect
from copy import deepcopy
from typing import Any

from SpiffWorkflow.spiff.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
)

from workflows.engine.environment import element_id
from workflows.engine.same import same
from workflows.engine.values import shown
from workflows.errors import ProcessFaultError

MAX_INSTANCES = 200
"""Instances of one activity; a case has at most some dozens of parties."""


class _Mended(ABC):
    """What both kinds share."""

    cardinality: str | None
    condition: str | None
    data_input: Any
    data_output: Any
    input_item: Any
    output_item: Any

    @abstractmethod
    def began_with(self, my_task: Any) -> dict[str, Any]:
        """The data an instance that ends now had when it began."""

    def create_child(self, my_task: Any, item: Any, key_or_index: Any = None) -> None:
        """One instance; its item name must be free, or the outer value would be hidden."""
        for reference in (self.input_item, self.output_item):
            if reference is not None and reference.exists(my_task):
                raise ProcessFaultError(
                    "engine.item_name_taken", element=element_id(my_task), name=reference.bpmn_id
                )
        super().create_child(my_task, item, key_or_index)  # type: ignore[misc]

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Takes an instance's result: its output item, or else the names it changed."""
        my_task = child.parent
        if self.data_output is None or self.output_item is None:
            self._take_changes(my_task, child)
        elif not self.output_item.exists(child):
            raise ProcessFaultError(
                "engine.no_output_item", element=element_id(my_task), name=self.output_item.bpmn_id
            )
        super().merge_child(workflow, child)  # type: ignore[misc]
        self._put_in_order(my_task, child)

    def init_data_output_with_input_data(self, my_task: Any, input_data: Any) -> None:
        """A second pass begins with an empty collection, unless it changes its input in place."""
        if self.data_output.bpmn_id != self.data_input.bpmn_id:
            my_task.data.pop(self.data_output.bpmn_id, None)
        super().init_data_output_with_input_data(my_task, input_data)  # type: ignore[misc]

    def init_data_output_with_cardinality(self, my_task: Any) -> None:
        """A second pass begins with an empty collection."""
        my_task.data.pop(self.data_output.bpmn_id, None)
        super().init_data_output_with_cardinality(my_task)  # type: ignore[misc]

    def _put_in_order(self, my_task: Any, child: Any) -> None:
        """A list of results is in the order of the collection, not of completion."""
        results = my_task.data.get(self.data_output.bpmn_id) if self.data_output else None
        place = child.internal_data.get("key_or_index")
        if not isinstance(results, list) or not isinstance(place, int):
            return
        if self.data_input is not None and self.data_output.bpmn_id == self.data_input.bpmn_id:
            return
        order = my_task.internal_data.setdefault("order", [])
        at = bisect(order, place)
        order.insert(at, place)
        results.insert(at, results.pop())

    def check_completion_condition(self, my_task: Any) -> bool:
        """True when the condition says that no more instances are needed."""
        if self.condition is None or not my_task.internal_data.get("merged"):
            return False
        value = super().check_completion_condition(my_task)  # type: ignore[misc]
        if not isinstance(value, bool):
            raise ProcessFaultError(
                "engine.not_boolean", element=element_id(my_task), got=shown(value)
            )
        return value

    def _take_changes(self, my_task: Any, child: Any) -> None:
        """Leaves in the instance's data only what the outer data may get from it, so that the
        library's own merge that follows has nothing to spoil."""
        item = self.input_item.bpmn_id if self.input_item is not None else None
        before = self.began_with(my_task)
        for name, value in child.data.items():
            if name != item and (name not in before or not same(before[name], value)):
                my_task.data[name] = deepcopy(value)
        child.data = deepcopy(my_task.data)

    def check_count(self, my_task: Any) -> None:
        """ProcessFaultError where there is nothing to count through."""
        if self.data_input is None:
            count = my_task.workflow.script_engine.evaluate(my_task, self.cardinality)
            fits = isinstance(count, int) and not isinstance(count, bool) and count >= 0
        else:
            collection = self.data_input.get(my_task)
            fits = isinstance(collection, (list, dict))
            count = len(collection) if fits else 0
        if not fits or count > MAX_INSTANCES:
            name = self.data_input.bpmn_id if self.data_input is not None else self.cardinality
            raise ProcessFaultError(
                "engine.no_collection", element=element_id(my_task), name=name, most=MAX_INSTANCES
            )


class ParallelInstances(_Mended, ParallelMultiInstanceTask):  # type: ignore[misc]
    """All instances at once."""

    def create_children(self, my_task: Any) -> None:
        """All instances; ProcessFaultError where the collection is none."""
        self.check_count(my_task)
        super().create_children(my_task)

    def began_with(self, my_task: Any) -> dict[str, Any]:
        """Every instance began with what the activity began with."""
        return dict(my_task.parent.data)


class SequentialInstances(_Mended, SequentialMultiInstanceTask):  # type: ignore[misc]
    """One instance after the other."""

    def _update_hook(self, my_task: Any) -> bool | None:
        my_task._inherit_data()
        self.check_count(my_task)
        result: bool | None = super()._update_hook(my_task)
        return result

    def began_with(self, my_task: Any) -> dict[str, Any]:
        """An instance began with what the ones before it left."""
        return dict(my_task.data)
