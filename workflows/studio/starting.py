"""Beginning a package: from one of the starting points, which are whole small packages.

A starting point is data: `starting_points/<name>/bpmn/<name>/…` and `forms/<name>/…`, checked and
walked like any package. Its name is its key, and stands nowhere in it for anything else, so a copy
is the same tree with another key and other titles.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import quoteattr

from sqlalchemy import select

from workflows.cases.platform import Platform
from workflows.catalogue.gate import check
from workflows.catalogue.manifest import FILE, Titles, read_manifest
from workflows.catalogue.source import KEY, PackageSource, read_folder, to_zip
from workflows.catalogue.tables import PackageVersion
from workflows.errors import ConflictError, InvalidInputError, NotVisibleError
from workflows.rollout.places import PUBLISH, Place, check_place
from workflows.rollout.version_page import list_places
from workflows.rollout.versions import AddVersion, Examiner, VersionView, add_version
from workflows.storage import Actor, Session
from workflows.storage.tables import InstallationSetting
from workflows.storage.upsert import upsert

FOLDER = Path(__file__).parent / "starting_points"
NAMES = ("simple_approval", "intake_handling", "two_party_agreement", "referral_answer")
"""In the order they are offered: the simplest first."""
MOST_ZH, MOST_EN = 40, 80
"""Longest titles, in characters: what stands on a button and above a diagram."""
BEGINNING = "studio.beginning"
"""Setting: the key of the package that was begun last; its row is what beginners wait for."""
_TEXTS = frozenset({".bpmn", ".dmn", ".json", ".html", ".toml"})


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """One starting point. `purpose`: what it is for. `ends`: how a matter may end."""

    name: str
    title: Titles
    purpose: Titles
    ends: tuple[Titles, ...]
    tree: PackageSource

    @property
    def drawn(self) -> bytes:
        """Its diagram."""
        return self.tree.files[f"bpmn/{self.name}/{self.name}.bpmn"]


@dataclass(frozen=True, slots=True)
class StartPage:
    """What somebody chooses from. `places`: (unit code, name), "" is everybody's. `taken`: keys
    that are there already, at any unit."""

    points: tuple[StartingPoint, ...]
    places: tuple[tuple[str, str], ...]
    taken: frozenset[str]


@dataclass(frozen=True, slots=True)
class StartFrom:
    """Somebody begins a package. `unit`: whose it is, "" everybody's. `title_en` may be ""."""

    name: str
    key: str
    unit: str
    title_zh: str
    title_en: str = ""


@cache
def list_starting_points() -> tuple[StartingPoint, ...]:
    """All of them, read once."""
    return tuple(_read(name) for name in NAMES)


def find_starting_point(name: str) -> StartingPoint:
    """One by its name. Raises NotVisibleError."""
    for point in list_starting_points():
        if point.name == name:
            return point
    raise NotVisibleError("studio.point_unknown", name=name[:60])


def load_start_page(platform: Platform, actor: Actor) -> StartPage:
    """The starting points, and where the actor may begin a package; three statements."""
    places = list_places(platform, actor)
    with platform.database.reading(actor) as session:
        return StartPage(list_starting_points(), places, _taken(session))


def start_from(
    platform: Platform, actor: Actor, command: StartFrom, examiner: Examiner | None = None
) -> VersionView:
    """The first draft of a new package, a copy of a starting point.

    Raises InvalidInputError (the key, the titles, a key that is the id of a step), ConflictError
    (the key is taken), NotVisibleError (no such starting point), ForbiddenError; nothing is stored
    then.
    """
    point = find_starting_point(command.name)
    place = Place(command.key, command.unit)
    titles = read_titles(command.title_zh, command.title_en)
    check_free(platform, actor, place)
    tree = rename(point.tree, command.key, titles)
    if any(one.severity == "error" for one in check(tree)):
        raise InvalidInputError("studio.key_unfit", key=command.key)
    return add_first(platform, actor, place, tree, examiner)


def check_free(platform: Platform, actor: Actor, place: Place) -> None:
    """Raises InvalidInputError for what cannot be a key, ForbiddenError where the actor may not
    begin a package, ConflictError where there is one with that key, of whatever unit."""
    if not KEY.match(place.key):
        raise InvalidInputError("package.bad_key", key=place.key[:60])
    with platform.database.reading(actor) as session:
        check_place(session, place, PUBLISH)
        if place.key in _taken(session):
            raise ConflictError("studio.key_taken", key=place.key)


def add_first(
    platform: Platform,
    actor: Actor,
    place: Place,
    tree: PackageSource,
    examiner: Examiner | None = None,
) -> VersionView:
    """Stores a tree as the package's first draft. Raises ConflictError where somebody began one
    with that key since it was looked for: walking the tree takes seconds."""
    command = AddVersion(place.name, to_zip(tree))

    def is_still_free(session: Session) -> None:
        # Whoever begins a package at the same time waits here and then sees the key.
        row = {"key": BEGINNING, "value": place.key}
        upsert(session, InstallationSetting.__table__, [row])
        if place.key in _taken(session):
            raise ConflictError("studio.key_taken", key=place.key)

    return add_version(platform, actor, command, examiner, is_still_free).version


def read_titles(zh: str, en: str) -> Titles:
    """Both titles without odd spaces; the Chinese one stands for an English one that is not given.
    Raises InvalidInputError for none, one too long, or one with signs no page shows."""
    zh, en = " ".join(zh.split()), " ".join(en.split())
    if not zh:
        raise InvalidInputError("studio.title_missing")
    if len(zh) > MOST_ZH or len(en) > MOST_EN or not (zh + en).isprintable():
        raise InvalidInputError("studio.title_long", zh=MOST_ZH, en=MOST_EN)
    return {"zh": zh, "en": en or zh}


def propose_key(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or with a number behind it the first that nobody has."""
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted[:36]}_{number}"
    return key


def rename(tree: PackageSource, key: str, titles: Titles) -> PackageSource:
    """The tree under another key and other titles: paths, ids made from the key, the names of
    messages, `package.toml`, the diagram's name. Texts beside them stay."""
    manifest, _findings = read_manifest(tree.key, tree.under("bpmn").get(FILE))
    old = manifest.title if manifest is not None else titles
    files = {}
    for path, content in tree.files.items():
        new = path.replace(f"/{tree.key}/", f"/{key}/").replace(f"/{tree.key}.", f"/{key}.")
        if PurePosixPath(path).suffix in _TEXTS:
            text = content.decode("utf-8").replace(tree.key, key)
            content = _retitle(PurePosixPath(path).suffix, text, old, titles).encode("utf-8")
        files[new] = content
    return PackageSource(key, dict(sorted(files.items())))


def _retitle(suffix: str, text: str, old: Titles, new: Titles) -> str:
    if suffix == ".toml":
        return text.replace(_table(old), _table(new), 1)
    if suffix == ".bpmn":
        text = text.replace(f'name="{old["zh"]}"', f"name={quoteattr(new['zh'])}")
        return text.replace(f'value="{old["en"]}"', f"value={quoteattr(new['en'])}")
    return text


def _table(titles: Titles) -> str:
    """A line of `package.toml`. Printable JSON text is TOML text, too."""
    zh, en = (json.dumps(titles[one], ensure_ascii=False) for one in ("zh", "en"))
    return f"title = {{ zh = {zh}, en = {en} }}"


def _read(name: str) -> StartingPoint:
    tree = read_folder(FOLDER / name, name)
    manifest, findings = read_manifest(name, tree.under("bpmn").get(FILE))
    if manifest is None:
        raise ValueError(f"{name}: {findings}")
    about = tomllib.loads((FOLDER / name / "about.toml").read_text(encoding="utf-8"))
    ends = tuple(manifest.outcomes.values())
    return StartingPoint(name, manifest.title, about["purpose"], ends, tree)


def _taken(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(PackageVersion.key).distinct()))
