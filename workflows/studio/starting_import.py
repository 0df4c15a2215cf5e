"""Beginning a package from diagrams of another editor.

The files stay as they are drawn; beside them stands what every package has: a `package.toml` and a
form to register with. Whatever does not fit is told by the gate, in the studio, at its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from workflows.cases.platform import Platform
from workflows.catalogue.bare import main_process
from workflows.catalogue.manifest import FILE
from workflows.catalogue.source import KEY, PackageSource, change_files, read_folder
from workflows.catalogue.strange import POWER
from workflows.engine import read_files
from workflows.engine.elements import Diagram, Element
from workflows.engine.findings import Finding
from workflows.errors import InvalidInputError
from workflows.organisation.roles import built_in_roles
from workflows.rollout.places import Place
from workflows.rollout.versions import Examiner, VersionView
from workflows.storage import Actor
from workflows.studio.starting import FOLDER, add_first, check_free, read_titles, rename

FRAME = "imported_package"
"""The starting point without a diagram that is put around them."""
ENDINGS = (".bpmn", ".dmn")
MOST_FILES = 40
MOST_OUTCOMES = 20
_UNREADABLE = frozenset(
    f"engine.{code}"
    for code in ("doctype", "not_xml", "too_large", "not_bpmn", "no_process", "too_many_elements")
)
"""Findings about a file in which nothing could be mended."""
_STEM = re.compile(r"[^a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class StartImport:
    """Files of another editor, name → bytes. `key`, `title_zh` "": taken from the diagram."""

    files: Mapping[str, bytes]
    key: str
    unit: str
    title_zh: str = ""
    title_en: str = ""


def start_import(
    platform: Platform, actor: Actor, command: StartImport, examiner: Examiner | None = None
) -> VersionView:
    """The first draft of a new package made of these files.

    Raises InvalidInputError (no .bpmn, another kind of file, one that cannot be read, over the
    limits, key or title), ConflictError (the key is taken), ForbiddenError; nothing is stored then.
    """
    files = _named(command.files)
    diagram = _look(files)
    main = main_process(diagram)
    place = Place(command.key or _proposed(main), command.unit)
    check_free(platform, actor, place)
    drawn = diagram.elements[main].title["zh"] or place.key
    titles = read_titles(command.title_zh or drawn[:40], command.title_en)
    frame = rename(read_folder(FOLDER / FRAME, FRAME), place.key, titles)
    home = f"bpmn/{place.key}"
    settings = frame.files[f"{home}/{FILE}"].decode("utf-8") + _settings(diagram, main, place.key)
    settings = settings.replace('"窗口受理员"', json.dumps(_starter(diagram), ensure_ascii=False))
    tree = change_files(
        PackageSource(place.key, frame.files),
        {
            f"{home}/{FILE}": settings.encode("utf-8"),
            **{f"{home}/{name}": content for name, content in files.items()},
        },
    )
    return add_first(platform, actor, place, tree, examiner)


def _named(sent: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by names a package may have: lower case, no spaces, each its own."""
    if len(sent) > MOST_FILES:
        raise InvalidInputError("package.too_many_files", most=MOST_FILES)
    files: dict[str, bytes] = {}
    for name, content in sent.items():
        path = PurePosixPath(name.replace("\\", "/"))
        ending = path.suffix.lower()
        if ending not in ENDINGS:
            raise InvalidInputError("studio.import_kind", file=path.name[:120])
        stem = _STEM.sub("_", path.stem.lower()).strip("_")[:40]
        if not stem[:1].isalpha() or stem in POWER:
            stem = f"diagram_{stem}".rstrip("_")
        while f"{stem}{ending}" in files:
            stem += "_2"
        files[f"{stem}{ending}"] = content
    if not any(name.endswith(".bpmn") for name in files):
        raise InvalidInputError("studio.import_no_diagram")
    return files


def _look(files: Mapping[str, bytes]) -> Diagram:
    """What is drawn. Raises InvalidInputError for a file nothing can be read of."""
    for name, content in files.items():
        diagrams = {name: content} if name.endswith(".bpmn") else {}
        tables = {} if diagrams else {name: content}
        for finding in read_files("", diagrams, tables, {}, {}).findings:
            _refuse_unreadable(name, finding)
    drawn = {name: content for name, content in files.items() if name.endswith(".bpmn")}
    found = read_files("", drawn, {}, {}, {})
    for finding in found.findings:
        _refuse_unreadable(finding.file or "", finding)
    return found.diagram


def _refuse_unreadable(name: str, finding: Finding) -> None:
    broken = finding.code == "engine.decision_broken"
    if broken or finding.code in _UNREADABLE:
        raise InvalidInputError("studio.import_unreadable", file=name, why=finding.message)


def _proposed(main: str) -> str:
    """A key made from the id of the main process."""
    key = _STEM.sub("_", main.lower()).strip("_")[:40]
    return key if KEY.match(key) else f"process_{key}"[:40].rstrip("_")


def _starter(diagram: Diagram) -> str:
    """The first lane whose people may open cases, else the window."""
    roles = built_in_roles()
    for element in diagram.elements.values():
        role = roles.get(element.lane or "")
        if role is not None and "open_case" in role.abilities:
            return role.key
    return "窗口受理员"


def _settings(diagram: Diagram, main: str, key: str) -> str:
    """Lines of `package.toml` about what is drawn: a stage, and the ends where they are known."""
    lines = ["", "[[stage]]", 'key = "all"', 'title = { zh = "办理", en = "Handling" }']
    lines.append(f"processes = [{json.dumps(main, ensure_ascii=False)}]")
    for end in list(_ends(diagram, main))[:MOST_OUTCOMES] if main == key else ():
        zh, en = (json.dumps(_plain(end, tongue), ensure_ascii=False) for tongue in ("zh", "en"))
        lines += ["", f"[outcomes.{json.dumps(end.id, ensure_ascii=False)}]"]
        lines.append(f"title = {{ zh = {zh}, en = {en} }}")
    return "\n".join(lines) + "\n"


def _ends(diagram: Diagram, main: str) -> Iterator[Element]:
    for element in diagram.elements.values():
        if element.kind == "endEvent" and element.parent == main:
            yield element


def _plain(element: Element, tongue: str) -> str:
    """A title as one printable line, the id where there is none."""
    words = " ".join(element.title.get(tongue, "").split())
    return words if words and words.isprintable() else element.id
