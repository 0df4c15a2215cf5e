"""What an outside system is: its columns, and where each value comes from. Data, never code.

One TOML file a system. `from` names a fact out of a fixed vocabulary (`sources.py`), `feel` holds
one expression; nothing else can be said in a file, so a file cannot do anything.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workflows.errors import FengqiaoError, InvalidInputError
from workflows.feel import FeelError, compile_expression
from workflows.messages import Message
from workflows.outside.sources import FEEL_NAMES, Source, read_source

BUILT_IN = Path(__file__).parent / "data"
MATCHES = ("number", "our_number", "party", "id_number", "date")
"""What a column is matched on: the system's own number, our 受理号, names, ID numbers, a day."""
MOST_COLUMNS = 60
MOST_FILES = 50
DATES = {"iso": "{0:%Y-%m-%d}", "slash": "{0.year}/{0.month}/{0.day}", "plain": "{0:%Y%m%d}"}
"""How a system writes days."""
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
CAPITALS = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
BRACKETS = str.maketrans("()[]【】〔〕", "（）（）（）（）")
NAMED = {"key", "title", "names", "number", "window_days", "dates", "opens", "column"}
COLUMN_NAMED = {"header", "also", "match", "from", "feel", "words"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `also`: other headings it is known by; `match`: one of `MATCHES` or "";
    `words`: our value → what that system calls it. `source` or `feel`, or neither: left empty."""

    header: str
    also: tuple[str, ...] = ()
    match: str = ""
    source: Source | None = None
    feel: Callable[[Mapping[str, Any]], Any] | None = None
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading of it in comparable form."""
        return tuple(plain_heading(one) for one in (self.header, *self.also))


@dataclass(frozen=True, slots=True)
class System:
    """One outside system. `names`: under which its numbers stand in `external_ref`, the first is
    the one we write. `pattern`: what a number of it looks like; `window_days`: how far the days
    of the same matter may lie apart; `opens`: (process, start form) a row may begin, or None."""

    key: str
    title: Mapping[str, str]
    names: tuple[str, ...]
    pattern: Any
    example: str
    window_days: int
    dates: str
    opens: tuple[str, str] | None
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """What `external_ref.system` says."""
        return self.names[0]

    def accepts(self, number: str) -> bool:
        """Whether a tidy number looks like one of this system."""
        return bool(self.pattern.fullmatch(number))


@dataclass(frozen=True, slots=True)
class Systems:
    """All systems by key, and what is wrong with files of the office's own."""

    by_key: Mapping[str, System]
    problems: tuple[tuple[str, Message], ...] = ()

    def load(self, key: str) -> System:
        """Raises InvalidInputError for an unknown one."""
        if key not in self.by_key:
            raise InvalidInputError("outside.unknown_system", key=key[:60])
        return self.by_key[key]


def tidy_number(text: str) -> str:
    """A number in the one form we keep and compare: half-width letters and digits, no blanks, one
    kind of brackets."""
    half = "".join(text.split()).translate(HALF_WIDTH)
    return half.translate(BRACKETS).translate(CAPITALS)


def spellings(number: str) -> tuple[str, ...]:
    """How a tidy number may stand in references somebody typed."""
    half = number.replace("（", "(").replace("）", ")")
    old = number.replace("（", "〔").replace("）", "〕")
    return tuple(dict.fromkeys((number, half, old)))


def plain_heading(text: str) -> str:
    """A heading in comparable form: no blanks, stars or remarks in brackets at its end."""
    found = "".join(unicodedata.normalize("NFKC", text).split()).strip("*:'\ufeff")
    return found.removesuffix("(必填)").removesuffix("(选填)").casefold()


def load_systems(folder: Path | None = None) -> Systems:
    """The built-in systems, and those of `folder` over them. A file of ours that is wrong is a
    ValueError; a wrong one of the office's is told in `problems` and left out."""
    own = sorted(folder.glob("*.toml"))[:MOST_FILES] if folder and folder.is_dir() else []
    stamps = tuple((path, path.stat().st_mtime_ns) for path in own)
    return _load(stamps)


@lru_cache(maxsize=8)
def _load(own: tuple[tuple[Path, int], ...]) -> Systems:
    found: dict[str, System] = {}
    for path in sorted(BUILT_IN.glob("*.toml")):
        system = read_system(path.read_text(encoding="utf-8"))
        found[system.key] = system
    problems = []
    for path, _stamp in own:
        try:
            system = read_system(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            problems.append((path.name, Message("outside.file_unreadable", {"why": str(error)})))
        except FengqiaoError as error:
            problems.append((path.name, error.message))
        else:
            found[system.key] = system
    return Systems(MappingProxyType(found), tuple(problems))


def read_system(text: str) -> System:
    """One file. InvalidInputError says what is wrong with it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError("outside.not_toml", why=str(error)) from error
    _known_only(raw, NAMED)
    try:
        return _system(raw)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidInputError("outside.bad_system", why=f"{error}"[:200]) from error


def _system(raw: Mapping[str, Any]) -> System:
    columns = tuple(_column(one) for one in raw["column"])
    _check_columns(columns)
    number, opens = raw["number"], raw.get("opens")
    dates = raw.get("dates", "iso")
    if dates not in DATES:
        raise ValueError(f"dates = {dates!r}")
    return System(
        key=_key(raw["key"]),
        title={"zh": str(raw["title"]["zh"]), "en": str(raw["title"]["en"])},
        names=_names(raw["names"]),
        pattern=_pattern(number["pattern"]),
        example=str(number["example"]),
        window_days=int(raw.get("window_days", 3)),
        dates=DATES[dates],
        opens=(str(opens["process"]), str(opens["form"])) if opens else None,
        columns=columns,
    )


def _key(key: str) -> str:
    if not key.isascii() or not key.replace("_", "").isalnum() or len(key) > 40:
        raise ValueError(f"key = {key!r}")
    return key


def _names(names: Iterable[str]) -> tuple[str, ...]:
    found = tuple(str(one).strip() for one in names)
    if not found or not all(0 < len(one) <= 60 for one in found):
        raise ValueError(f"names = {found!r}")
    return found


def _pattern(text: str) -> Any:
    import re2  # two MiB of C++; few systems have patterns

    try:
        return re2.compile(text)
    except re2.error as error:
        raise ValueError(f"number.pattern: {error}") from error


def _column(raw: Mapping[str, Any]) -> Column:
    _known_only(raw, COLUMN_NAMED)
    match = raw.get("match", "")
    if match and match not in MATCHES:
        raise ValueError(f"match = {match!r}")
    if "from" in raw and "feel" in raw:
        raise ValueError(f"{raw['header']}: from, feel")
    return Column(
        header=str(raw["header"]).strip(),
        also=tuple(str(one).strip() for one in raw.get("also", ())),
        match=match,
        source=read_source(raw["from"]) if "from" in raw else None,
        feel=_expression(raw["feel"]) if "feel" in raw else None,
        words={str(ours): str(theirs) for ours, theirs in raw.get("words", {}).items()},
    )


def _expression(text: str) -> Callable[[Mapping[str, Any]], Any]:
    try:
        return compile_expression(text, FEEL_NAMES)
    except FeelError as error:
        raise InvalidInputError("outside.bad_feel", text=text[:80], why=str(error)[:200]) from error


def _check_columns(columns: tuple[Column, ...]) -> None:
    headings = [heading for one in columns for heading in one.headings]
    if not all(headings) or len(set(headings)) < len(headings):
        raise InvalidInputError("outside.heading_twice")
    kinds = [one.match for one in columns if one.match]
    if kinds.count("number") != 1 or len(columns) > MOST_COLUMNS:
        raise InvalidInputError("outside.one_number_column", most=MOST_COLUMNS)
    if not {"our_number", "party", "id_number"} & set(kinds):
        raise InvalidInputError("outside.nothing_to_match")


def _known_only(raw: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(raw) - known)
    if unknown:
        raise InvalidInputError("outside.unknown_key", key="、".join(unknown)[:80])
