"""What stands inside an element: extension properties, operators, loops, event definitions.

Order inside an element follows the BPMN schema: documentation, extensionElements, flows, then
the rest; `semantic` calls in that order.
"""

from __future__ import annotations

from lxml import etree

from webapp.diagrams.notation import PROPERTIES
from webapp.diagrams.tree import TRIGGERS, Lane, Node
from webapp.diagrams.xml import SPIFF, XSI, add, qname


def titles(element: etree._Element, english: str) -> None:
    """The English name as property `name_en`; nothing where there is none."""
    if english:
        _properties(element, {"name_en": english})


def lane_extensions(element: etree._Element, lane: Lane) -> None:
    english = {"name_en": lane.name_en} if lane.name_en else {}
    if english or lane.properties:
        _properties(element, {**english, **lane.properties})


def node_extensions(element: etree._Element, node: Node) -> None:
    """Properties, instructions, decision, operator of one node, in one `extensionElements`."""
    properties = {"name_en": node.label_en} if node.label_en else {}
    for name in PROPERTIES:
        value = node.attributes.get(name)
        if value is None:
            continue
        if name == "form":
            properties["formJsonSchemaFilename"] = f"{value}.schema.json"
            properties["formUiSchemaFilename"] = f"{value}.ui.json"
        else:
            properties[name] = value
    if properties:
        _properties(element, properties)
    if "tell" in node.attributes:
        text = node.attributes["tell"].replace("\\n", "\n")
        add(_box(element), "instructionsForEndUser", text, ns=SPIFF)
    if node.kind == "rule":
        add(_box(element), "calledDecisionId", node.attributes["decision"], ns=SPIFF)
    if node.kind == "service":
        _operator(_box(element), node)
    if node.kind in ("receive", "send") and "variable" in node.attributes:
        add(_box(element), "messageVariable", node.attributes["variable"], ns=SPIFF)


def _box(element: etree._Element) -> etree._Element:
    found = element.find(qname("extensionElements"))
    return add(element, "extensionElements") if found is None else found


def _properties(element: etree._Element, values: dict[str, str]) -> None:
    box = add(_box(element), "properties", ns=SPIFF)
    for name, value in values.items():
        add(box, "property", ns=SPIFF, name=name, value=value)


def _operator(box: etree._Element, node: Node) -> None:
    """`with='kind: "agreement"; series: "x"'` gives the parameters, each FEEL."""
    operator = add(box, "serviceTaskOperator", ns=SPIFF, id=node.attributes["op"])
    if "result" in node.attributes:
        operator.set("resultVariable", node.attributes["result"])
    parameters = add(operator, "parameters", ns=SPIFF)
    for pair in filter(str.strip, node.attributes.get("with", "").split(";")):
        name, _, value = pair.partition(":")
        add(parameters, "parameter", ns=SPIFF, id=name.strip(), type="any", value=value.strip())


def add_loop(element: etree._Element, node: Node) -> None:
    """`each=items:item collect=results:result until='FEEL' [sequential=yes]`."""
    if "each" not in node.attributes:
        return
    collection, _, item = node.attributes["each"].partition(":")
    sequential = "true" if "sequential" in node.attributes else "false"
    loop = add(element, "multiInstanceLoopCharacteristics", isSequential=sequential)
    add(loop, "loopDataInputRef", collection)
    results, _, result = node.attributes.get("collect", "").partition(":")
    if results:
        add(loop, "loopDataOutputRef", results)
    add(loop, "inputDataItem", id=item, name=item)
    if results:
        add(loop, "outputDataItem", id=result, name=result)
    if "until" in node.attributes:
        add(loop, "completionCondition", node.attributes["until"])


def add_trigger(element: etree._Element, node: Node) -> None:
    """The event definition. A timer holds one FEEL expression, usually `deadline(rule, base)`."""
    if not node.trigger:
        return
    definition = add(element, TRIGGERS[node.trigger], id=f"{node.id}_trigger")
    if node.trigger == "timer":
        when = add(definition, "timeDate", node.attributes["date"])
        when.set(qname("type", XSI), "bpmn:tFormalExpression")
    elif node.trigger == "message":
        definition.set("messageRef", node.attributes["message"])
        _message_data(definition, node)
    elif node.trigger in ("error", "escalation") and "ref" in node.attributes:
        definition.set(f"{node.trigger}Ref", node.attributes["ref"])
    elif node.trigger == "conditional":
        condition = add(definition, "condition", node.attributes["until"])
        condition.set(qname("type", XSI), "bpmn:tFormalExpression")


def _message_data(definition: etree._Element, node: Node) -> None:
    for attribute, name in (("payload", "messagePayload"), ("variable", "messageVariable")):
        if attribute in node.attributes:
            add(_box(definition), name, node.attributes[attribute], ns=SPIFF)
