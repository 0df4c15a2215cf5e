"""Files that import others: every reference that leaves a file is written out. DMN 1.5 §6.3.3.

What is imported gets the id `namespace#id` and the type name `namespace#name`, so that all files
together can be read as one. Ids of the file that was loaded stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.decisions.errors import Where, fault
from workflows.decisions.limits import MAX_IMPORTS
from workflows.decisions.source import children, read_xml, tag

_ELEMENTS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
_TYPED = ("typeRef", "outputTypeRef")


@dataclass(frozen=True, slots=True)
class File:
    """One file. `home`: "" for the one that was loaded, its namespace for an imported one;
    `imports`: (name, home) of what it imports, in order."""

    root: Any
    home: str
    imports: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Files:
    """The file that was loaded, and those it imports, directly or not."""

    files: tuple[File, ...]

    @property
    def prefixes(self) -> Mapping[tuple[str, str], str]:
        """(home, home of what it names) → name of the import."""
        named = {(f.home, home): name for f in reversed(self.files) for name, home in f.imports}
        return {pair: name for pair, name in named.items() if name}


def gather(root: Any, imported: Mapping[str, bytes | str]) -> Files:
    """The file with what it imports, every reference written out.

    `imported`: namespace → file. An import nobody gives is passed over: only what requires
    something of it fails. DecisionError: an imported file is not usable, or there are too many.
    """
    own = str(root.get("namespace") or "")
    found: dict[str, File] = {}
    waiting: list[tuple[str, Any]] = [("", root)]
    while waiting:
        home, node = waiting.pop(0)
        imports = []
        for part in children(node, "import"):
            namespace = str(part.get("namespace") or "")
            target = "" if namespace == own else namespace
            if target and target not in imported:
                continue
            imports.append((" ".join(str(part.get("name") or "").split()), target))
            if target not in found and target not in (h for h, _ in waiting) and target != home:
                waiting.append((target, read_xml(imported[target])))
        found[home] = File(node, home, tuple(imports))
        if len(found) > MAX_IMPORTS:
            raise fault(Where(), "too_many_imports", most=MAX_IMPORTS)
    if len(found) > 1:
        for file in found.values():
            _write_out(file, found, own)
    return Files(tuple(found.values()))


def paths_of(prefixes: Mapping[tuple[str, str], str]) -> Mapping[str, tuple[str, ...]]:
    """Home of an imported file → names of the imports on the shortest way to it."""
    paths: dict[str, tuple[str, ...]] = {"": ()}
    waiting = [""]
    for current in waiting:
        for (home, target), name in prefixes.items():
            if home == current and target not in paths:
                paths[target] = (*paths[current], name)
                waiting.append(target)
    return paths


def _write_out(file: File, all_files: Mapping[str, File], own: str) -> None:
    """Names and references of one file, so that they mean the same in all."""
    types = {name: key for name, key in _types(file, all_files)}
    for node in file.root.iter():
        for name in _TYPED:
            if node.get(name):
                node.set(name, types.get(_plain(node.get(name)), node.get(name)))
        if tag(node) == "typeRef" and node.text:
            node.text = types.get(_plain(node.text), node.text)
        if node.get("href"):
            node.set("href", "#" + _target(str(node.get("href")), file, all_files, own))
    if file.home:
        for node in children(file.root, "itemDefinition"):
            node.set("name", _key(file.home, _plain(node.get("name"))))
        for node in children(file.root, *_ELEMENTS):
            node.set("id", _key(file.home, str(node.get("id") or node.get("name") or "")))


def _key(home: str, name: str) -> str:
    return f"{home}#{name}" if home else name


def _plain(text: Any) -> str:
    return " ".join(str(text or "").split())


def _types(file: File, all_files: Mapping[str, File]) -> Iterator[tuple[str, str]]:
    """Names of item definitions as the file writes them → names that are known everywhere."""
    for name, home in reversed(file.imports):
        for item in _items(all_files[home].root if home in all_files else None, home):
            yield f"{name}.{item}" if name else item, _key(home, item)
            yield f"{name}:{item}" if name else item, _key(home, item)
    for item in _items(file.root, file.home):
        yield item, _key(file.home, item)


def _items(root: Any, home: str) -> Iterator[str]:
    """Names of a file's item definitions, whether they are written out already or not."""
    for node in () if root is None else children(root, "itemDefinition"):
        yield _plain(node.get("name")).removeprefix(_key(home, "") if home else "")


def _target(href: str, file: File, all_files: Mapping[str, File], own: str) -> str:
    """The id that a reference means: of its own file, or of one imported without a name."""
    namespace, _, key = href.rpartition("#")
    local = str(file.root.get("namespace") or "")
    if namespace and namespace != local:
        return _key("" if namespace == own else namespace, key)
    return _searched(key, file, all_files, set()) or _key(file.home, key)


def _searched(key: str, file: File, all_files: Mapping[str, File], seen: set[str]) -> str | None:
    seen.add(file.home)
    if _has(file, key):
        return _key(file.home, key)
    for name, home in file.imports:
        if not name and home not in seen and home in all_files:
            found = _searched(key, all_files[home], all_files, seen)
            if found is not None:
                return found
    return None


def _has(file: File, key: str) -> bool:
    keys = {str(n.get("id") or n.get("name") or "") for n in children(file.root, *_ELEMENTS)}
    return key in keys or _key(file.home, key) in keys
