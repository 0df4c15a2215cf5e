"""A line notation for the first version of a diagram.

    process pm_close "立卷" "Closing"
    lane 记录人 "Recorder"
    message withdraw "people_mediation.withdraw"
    start begin @记录人 "各种结果" "Any outcome"
    user close_case "立卷归档" "Close the file" form=close_case
    boundary.timer! late on=close_case "5 工作日" "5 working days" date='deadline("x", today)'
    xor complete "齐全？" "Complete?"
    begin > close_case > complete
    complete > done ? 'missing = null' "是" "yes"
    complete > close_case ? 'missing != null' "否" "no"

`!` is an interrupting boundary event, `~` one that lets the work go on. A node without `@lane`
stands in the lane of the node before it. `sub x "…" {` … `}` opens a sub-process. A line that
ends in `\\` goes on in the next. `else` marks a default flow.
"""

from __future__ import annotations

import itertools
import shlex

from webapp.diagrams.tree import TAGS, TRIGGERS, Document, Flow, Lane, Node, Scope

PROPERTIES = (
    "form",
    "role",
    "document",
    "assignee",
    "priority",
    "scope",
    "access",
    "deadline",
    "begins",
    "notice",
)
"""Attributes that become `spiffworkflow:properties` of a node."""
LANE_PROPERTIES = ("performed_by", "acts_for", "scope", "access")
ATTRIBUTES = frozenset(
    {*PROPERTIES, "op", "with", "result", "decision", "process", "code", "date", "message"}
    | {
        "payload",
        "variable",
        "each",
        "collect",
        "until",
        "sequential",
        "ref",
        "tone",
        "help",
        "tell",
    }
)


class NotationError(ValueError):
    """A line that is not notation; the text names its number and says why."""


def parse(text: str) -> Document:
    """Read notation. Raises NotationError at the first line that can't be read."""
    document, pending = Document(), ""
    stack: list[Scope] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = pending + raw.rstrip()
        pending = ""
        if line.endswith("\\"):
            pending = line[:-1]
            continue
        try:
            words = shlex.split(line, comments=True)
            if words:
                _read_line(document, stack, words)
        except (ValueError, KeyError, IndexError) as problem:
            raise NotationError(f"line {number}: {problem}: {raw.strip()}") from problem
    return document


def _read_line(document: Document, stack: list[Scope], words: list[str]) -> None:
    head = words[0]
    if head == "process":
        label, label_en = (*words[2:4], "", "")[:2]
        stack[:] = [Scope(words[1], label, label_en)]
        document.scopes.append(stack[0])
    elif head == "lane":
        stack[0].lanes.append(_lane(words[1:]))
    elif head == "about":
        stack[0].documentation = words[1]
    elif head in ("message", "error", "escalation"):
        getattr(document, head + "s")[words[1]] = words[2]
    elif head == "}":
        stack.pop()
    elif ">" in words:
        _read_flows(stack[-1], words)
    else:
        _read_node(stack, words)


def _lane(words: list[str]) -> Lane:
    lane = Lane(words[0])
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if not equals:
            lane.name_en = word
        elif key in LANE_PROPERTIES:
            lane.properties[key] = value
        else:
            raise ValueError(f"unknown lane property {key}")
    return lane


def _read_flows(scope: Scope, words: list[str]) -> None:
    chain, at = [words[0]], 1
    while at < len(words) and words[at] == ">":
        chain.append(words[at + 1])
        at += 2
    for source, target in itertools.pairwise(chain):
        for end in (source, target):
            if end not in scope.nodes:
                raise ValueError(f"no node {end} in {scope.id}")
        scope.flows.append(Flow(_flow_id(scope, source, target), source, target))
    _qualify(scope.flows[-1], words[at:])


def _flow_id(scope: Scope, source: str, target: str) -> str:
    wanted = f"f_{source}_{target}"
    twins = sum(1 for flow in scope.flows if (flow.source, flow.target) == (source, target))
    return f"{wanted}_{twins + 1}" if twins else wanted


def _qualify(flow: Flow, words: list[str]) -> None:
    if words and words[0] == "?":
        flow.condition, words = words[1], words[2:]
    elif words and words[0] == "else":
        flow.default, words = True, words[1:]
    flow.label, flow.label_en = (*words, "", "")[:2]


def _read_node(stack: list[Scope], words: list[str]) -> None:
    opens = words[-1] == "{"
    kind, _, trigger = words[0].rstrip("!~").partition(".")
    if kind not in TAGS or (trigger and trigger not in TRIGGERS):
        raise ValueError(f"unknown kind {words[0]}")
    node = Node(words[1], kind, trigger, interrupting=not words[0].endswith("~"))
    for word in words[2 : -1 if opens else None]:
        _read_word(node, word)
    scope = stack[-1]
    if node.id in scope.nodes:
        raise ValueError(f"{node.id} is there twice")
    if node.host:
        node.lane = scope.nodes[node.host].lane
    elif node.lane is None and scope.lanes:
        node.lane = next(reversed(scope.nodes.values())).lane
    scope.nodes[node.id] = node
    if opens:
        node.scope = Scope(node.id, node.label, node.label_en)
        stack.append(node.scope)


def _read_word(node: Node, word: str) -> None:
    key, equals, value = word.partition("=")
    if word.startswith("@"):
        node.lane = word[1:]
    elif equals and key == "on":
        node.host = value
    elif equals and key in ATTRIBUTES:
        node.attributes[key] = value
    elif equals and key.isascii() and key.isidentifier():
        raise ValueError(f"unknown attribute {key}")
    elif not node.label:
        node.label = word
    else:
        node.label_en = word
