"""Files of a package → a version that runs, or every reason why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from workflows.engine.called import CalledDecision, read_decisions
from workflows.engine.checks.expressions import check_expressions
from workflows.engine.checks.loops import check_loops
from workflows.engine.checks.names import known_names
from workflows.engine.checks.structure import check_structure
from workflows.engine.checks.traps import check_traps
from workflows.engine.checks.ways import FormNames, check_ways
from workflows.engine.diagram import read_diagrams
from workflows.engine.elements import Diagram
from workflows.engine.expressions import Expressions
from workflows.engine.findings import BrokenDiagramError, EngineError, Finding, error
from workflows.engine.reading import NS, read_xml
from workflows.engine.version import ProcessVersion, plain_elements

NO_FORMS: FormNames = MappingProxyType({})
MAX_PARTS = 3_000
"""Elements and flows of one package. The largest built-in one has 423; the checks of ways take
time with the square of it."""


@dataclass(frozen=True)
class Files:
    """The files of a package, read. `names`: declared names and those the files themselves
    write, with types; `case_names`: as declared. `tables`: the DMN files. `findings`: everything
    found that needs no other room."""

    diagram: Diagram
    decisions: Mapping[str, CalledDecision]
    tables: Mapping[str, bytes]
    names: Mapping[str, str]
    case_names: Mapping[str, str]
    findings: tuple[Finding, ...]
    specs: Mapping[str, Any] | None
    """Plain specs of the spine and all it calls, None where errors keep it from running."""


def compile_process(
    key: str,
    diagrams: Mapping[str, bytes],
    decisions: Mapping[str, bytes],
    names: Mapping[str, str],
    case_names: Mapping[str, str] | None = None,
) -> ProcessVersion:
    """A version from BPMN and DMN files (name → content).

    `names`: declared process names → FEEL type; names that scripts, decisions, calls and messages
    write are added. `case_names`: declared case facts → FEEL type. An EngineError carries every
    error finding; nothing half-good comes out.
    """
    return build_version(key, read_files(key, diagrams, decisions, names, case_names or {}))


def build_version(key: str, files: Files) -> ProcessVersion:
    """A version from files that were read. EngineError with every error finding where they could
    not be made to run."""
    if files.specs is None:
        raise BrokenDiagramError([f for f in files.findings if f.severity == "error"])
    return ProcessVersion.of(
        {
            "key": key,
            "processes": list(files.diagram.processes),
            "elements": plain_elements(files.diagram.elements),
            "names": dict(files.names),
            "case_names": dict(files.case_names),
            "decisions": {file: text.decode("utf-8") for file, text in files.tables.items()},
            **files.specs,
        }
    )


def read_files(
    key: str,
    diagrams: Mapping[str, bytes],
    decisions: Mapping[str, bytes],
    names: Mapping[str, str],
    case_names: Mapping[str, str],
    form_names: FormNames = NO_FORMS,
    *,
    given: Collection[str] | None = None,
    published: bool = False,
) -> Files:
    """Reads and checks all files. Never raises: a broken file is a finding and left out.

    `given`: those of `names` that may be read from the beginning, None: all of them.
    `published`: they ran before, so they are made to run whatever newer checks say of them.
    """
    from workflows.engine.parsing import check_schema, parse_specs  # heavy, see there

    findings: list[Finding] = []
    roots: dict[str, Any] = {}
    for file, content in sorted(diagrams.items()):
        try:
            root = read_xml(file, content)
        except EngineError as exc:
            findings.extend(f for f in exc.findings if isinstance(f, Finding))
            continue
        if root.tag != f"{{{NS['bpmn']}}}definitions":
            findings.append(error("not_bpmn", file=file))
            continue
        findings.extend(check_schema(file, root))
        roots[file] = root
    called, broken = read_decisions(decisions)
    diagram, twice = read_diagrams(roots)
    known = known_names(names, diagram, called)
    findings += [*broken, *twice]
    if roots and not diagram.processes:
        findings.append(error("no_process", file=max(roots)))
    if len(diagram.elements) + len(diagram.flows) > MAX_PARTS:
        count = len(diagram.elements) + len(diagram.flows)
        findings.append(error("too_many_elements", file=max(roots), count=count, most=MAX_PARTS))
        return Files(Diagram(), called, decisions, known, case_names, tuple(findings), None)
    findings += check_structure(key, diagram)
    findings += check_loops(diagram)
    findings += check_traps(diagram, roots)
    expressions = Expressions(known, case_names)
    findings += check_expressions(diagram, expressions, called)
    findings += check_ways(
        diagram, names if given is None else given, expressions, called, form_names
    )
    specs = None
    is_clean = not any(finding.severity == "error" for finding in findings)
    if diagram.processes and (published or is_clean):
        # What only the engine's own parser finds is asked last: its words are the least clear.
        try:
            specs = parse_specs(key, roots)
        except EngineError as exc:
            findings.extend(f for f in exc.findings if isinstance(f, Finding))
    return Files(diagram, called, decisions, known, case_names, tuple(findings), specs)
