// “Change into”: only kinds the engine runs, and none the gate refuses.
const WANTED = new Set([
  "replace-with-user-task",
  "replace-with-manual-task",
  "replace-with-service-task",
  "replace-with-script-task",
  "replace-with-rule-task",
  "replace-with-receive-task",
  "replace-with-call-activity",
  "replace-with-expanded-subprocess",
  "replace-with-none-start",
  "replace-with-none-end",
  "replace-with-none-intermediate-throw",
  "replace-with-exclusive-gateway",
  "replace-with-parallel-gateway",
  "replace-with-timer-boundary",
  "replace-with-non-interrupting-timer-boundary",
  "replace-with-message-boundary",
  "replace-with-non-interrupting-message-boundary",
  "replace-with-error-boundary",
  "replace-with-escalation-boundary",
  "replace-with-non-interrupting-escalation-boundary",
  "replace-with-conditional-boundary",
  "replace-with-timer-intermediate-catch",
  "replace-with-message-intermediate-catch",
  "replace-with-conditional-intermediate-catch",
  "replace-with-escalation-intermediate-throw",
  "replace-with-error-end",
  "replace-with-escalation-end",
  "replace-with-terminate-end",
  "replace-with-default-flow",
  "replace-with-sequence-flow",
]);
const HEAD = new Set(["toggle-parallel-mi", "toggle-sequential-mi", "toggle-non-interrupting"]);

export class SmallMenu {
  static $inject = ["popupMenu"];

  constructor(popupMenu) {
    popupMenu.registerProvider("bpmn-replace", 500, this);
  }

  getPopupMenuEntries() {
    return (entries) => only(entries, WANTED);
  }

  getPopupMenuHeaderEntries() {
    return (entries) => only(entries, HEAD);
  }
}

const only = (entries, wanted) => Object.fromEntries(Object.entries(entries).filter(([name]) => wanted.has(name)));
