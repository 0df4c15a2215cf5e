"""What the templates read: a form turned into sections, blocks, inputs. Words are spoken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice, check list or yes/no question."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file that is already uploaded. `name` may be unknown after a failed page."""

    id: str
    name: str
    size: int | None
    remove: str


@dataclass(frozen=True, slots=True)
class SignShown:
    """A signature field on a task's page. `address`: where its buttons post to; `state`: "" (asked
    of nobody yet) | open | expired | signed | refused; `link`: page of an open link, "" without;
    `value`: what the field holds; `path`, `width`, `height`: the drawing, SVG path data."""

    address: str
    state: str = ""
    link: str = ""
    value: str = ""
    who: str = ""
    way: str = ""
    when: datetime | None = None
    path: str = ""
    width: int = 0
    height: int = 0
    reason: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One question. `kind` is the macro that draws it.

    `id`: of the control, or of the first one. `when`: condition as JSON, "" for always or unknown.
    `optional`: marked 选填. `value`: text of a single control. `attributes` of an input:
    `inputmode`, `length`, `lines`, `least` (characters wanted), `accept`, `multiple`.
    """

    kind: str
    id: str
    name: str
    label: str
    help: str = ""
    error: str = ""
    warning: str = ""
    when: str = ""
    optional: bool = False
    short: bool = False
    value: str = ""
    inputmode: str = ""
    length: int = 0
    lines: int = 0
    least: int = 0
    accept: str = ""
    multiple: bool = False
    options: tuple[Option, ...] = ()
    files: tuple[FileShown, ...] = ()
    signed: SignShown | None = None
    parts: tuple[Input, ...] = ()
    rows: tuple[Row, ...] = ()
    blank: Row | None = None
    """The row a script copies when one is added."""
    most: int = 0
    """Rows a table may have."""
    headed: bool = True
    """False where the section's heading is the label already."""

    @property
    def described_by(self) -> str:
        """Ids of what a screen reader should read with the control: error, then hint."""
        ids = [f"{self.id}-e"] if self.error else []
        ids += [f"{self.id}-h"] if self.help else []
        ids += [f"{self.id}-w"] if self.warning else []
        return " ".join(ids)


@dataclass(frozen=True, slots=True)
class Block:
    """Inputs that stand together. `style`: "" | "two" (side by side) | "then" (behind a bar)."""

    style: str
    inputs: tuple[Input, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One party or one row of a table. `index` is its place in the names, `number` what people
    read (both as text: the copied row holds marks instead). `more`: blocks folded away."""

    id: str
    prefix: str
    number: str
    name: str
    tag: str
    hidden: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    more: tuple[Block, ...]
    open: bool
    error: str
    remove: str
    kept: bool
    """Its button is hidden until there are more rows than the form asks for."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under one heading."""

    id: str
    title: str
    hint: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole form. `many`: names whose value is a list, for the script that keeps drafts."""

    sections: tuple[Section, ...]
    many: tuple[str, ...]
