// A new diagram: a pool with lanes, from a start to an end.
import { takenIds } from "./house/ids.js";

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const LANE_HIGH = 160;
const NAMESPACES =
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" ' +
  'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" ' +
  'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"';

/** Writes it and returns {path, process}. `lanes`: names of roles, at least one; `process`: its id, else a free one. */
export function makeDiagram(studio, { title, lanes, process = "" }) {
  const taken = takenIds(studio);
  let n = 1;
  while (!process && (taken.has(`phase_${n}`) || studio.copy.read(`bpmn/${studio.key}/phase_${n}.bpmn`) !== null)) n += 1;
  const id = process || `phase_${n}`;
  const path = `bpmn/${studio.key}/${id}.bpmn`;
  studio.copy.write(path, xml(id, escaped(title), lanes.length ? lanes : [studio.told.vocabulary.roles[0]?.key ?? ""]));
  return { path, process: id };
}

function xml(id, title, lanes) {
  const drawn = lanes.map((name, at) => ({ id: `lane_${id}_${at + 1}`, name: escaped(name), y: 80 + at * LANE_HIGH, refs: at ? [] : [`${id}_begin`, `${id}_end`] }));
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions ${NAMESPACES} id="definitions_${id}" targetNamespace="https://fengqiao.example/bpmn">
  <bpmn:collaboration id="collaboration_${id}">
    <bpmn:participant id="pool_${id}" name="${title}" processRef="${id}" />
  </bpmn:collaboration>
  <bpmn:process id="${id}" name="${title}" isExecutable="true">
    <bpmn:laneSet id="lanes_${id}">
${drawn.map(lane).join("\n")}
    </bpmn:laneSet>
    <bpmn:startEvent id="${id}_begin">
      <bpmn:outgoing>f_${id}_begin_${id}_end</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="${id}_end">
      <bpmn:incoming>f_${id}_begin_${id}_end</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="f_${id}_begin_${id}_end" sourceRef="${id}_begin" targetRef="${id}_end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_${id}">
    <bpmndi:BPMNPlane id="plane_${id}" bpmnElement="collaboration_${id}">
${shape(`pool_${id}`, 160, 80, 860, LANE_HIGH * drawn.length, true)}
${drawn.map((one) => shape(one.id, 190, one.y, 830, LANE_HIGH, true)).join("\n")}
${shape(`${id}_begin`, 240, 142, 36, 36)}
${shape(`${id}_end`, 922, 142, 36, 36)}
      <bpmndi:BPMNEdge id="f_${id}_begin_${id}_end_di" bpmnElement="f_${id}_begin_${id}_end">
        <di:waypoint x="276" y="160" />
        <di:waypoint x="922" y="160" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
`;
}

const lane = ({ id, name, refs }) =>
  [`      <bpmn:lane id="${id}" name="${name}">`, ...refs.map((ref) => `        <bpmn:flowNodeRef>${ref}</bpmn:flowNodeRef>`), "      </bpmn:lane>"].join("\n");

function shape(id, x, y, width, height, isLane = false) {
  return `      <bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"${isLane ? ' isHorizontal="true"' : ""}>
        <dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}" />
      </bpmndi:BPMNShape>`;
}
