"""Addresses and forms of outside lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from flask import url_for
from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from webapp.security import check_text
from workflows.cases.queries.cases_list import CasesQuery
from workflows.errors import InvalidInputError
from workflows.messages import Message
from workflows.outside.export import ExportQuery
from workflows.outside.findings import Finding
from workflows.outside.queries.lists import STATES, RowsQuery
from workflows.outside.row_acts import GiveRow
from workflows.outside.sheet import MOST_BYTES
from workflows.outside.take_file import TakeFile
from workflows.outside.writers import FORMATS

PAGE_SIZE = 50
LONGEST = 2000
CASE_STATES = ("", "open", "closed")


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of a list of rows says. Empty text: not filtered."""

    state: str = ""
    finding: str = ""
    system: str = ""
    cursor: str = ""

    def url(self, endpoint: str, path: Mapping[str, str], **changes: str) -> str:
        """The address with some things changed."""
        wanted = replace(self, **changes)
        names = [one.name for one in fields(Address)]
        filled = {name: getattr(wanted, name) for name in names if getattr(wanted, name)}
        return url_for(endpoint, **path, **filled)

    def query(self, file: str | None = None) -> RowsQuery:
        """The question to the outside room."""
        return RowsQuery(
            file=file,
            state=self.state,
            finding=self.finding,
            system=self.system,
            cursor=self.cursor or None,
            page_size=PAGE_SIZE,
        )


def read_address(args: Mapping[str, str], usual: str = "") -> Address:
    """InvalidInputError for a state or finding that does not exist."""
    return Address(
        state=_one_of(args, "state", ("", *STATES), usual),
        finding=_one_of(args, "finding", ("", *Finding), ""),
        system=args.get("system", "")[:60],
        cursor=args.get("cursor", "")[:400],
    )


def read_file(
    form: ImmutableMultiDict[str, str], files: ImmutableMultiDict[str, FileStorage]
) -> TakeFile:
    """The file that was sent. InvalidInputError where there is none."""
    sent = files.get("file")
    if sent is None or not sent.filename:
        raise InvalidInputError("outside.no_file")
    return TakeFile(
        name=check_text(sent.filename),
        content=sent.stream.read(MOST_BYTES + 1),
        unit=_text(form, "unit", 64) or None,
        system=_text(form, "system", 60),
    )


def read_give(row: str, form: Mapping[str, str]) -> GiveRow:
    """To which case a person gave a row: one of those offered, or by its 受理号."""
    typed = _text(form, "our_number", 120)
    return GiveRow(
        row=row,
        case="" if typed else _text(form, "case", 20),
        our_number=typed,
        number=_text(form, "number", 200),
    )


def read_reason(form: Mapping[str, str]) -> str:
    """Why."""
    return _text(form, "reason", LONGEST)


def read_number(form: Mapping[str, str]) -> str:
    """The number received over there."""
    return _text(form, "number", 200)


def read_cases(values: Mapping[str, str]) -> CasesQuery:
    """Which cases go out, as the list of cases is asked. InvalidInputError: state, dates."""
    return CasesQuery(
        q=_text(values, "q", 100),
        status=_one_of(values, "status", CASE_STATES, "") or None,
        opened_from=_day(values, "opened_from"),
        opened_to=_day(values, "opened_to"),
    )


def read_export(form: Mapping[str, str]) -> ExportQuery:
    """What goes out, and why. InvalidInputError: format, state, dates."""
    return ExportQuery(
        cases=read_cases(form),
        format=_one_of(form, "format", tuple(FORMATS), "csv"),
        unit=_text(form, "unit", 64) or None,
        restricted=form.get("restricted") == "1",
        whole_numbers=form.get("whole") == "1",
        reason=read_reason(form),
    )


def _text(values: Mapping[str, str], name: str, longest: int) -> str:
    return check_text(values.get(name, "").strip())[:longest]


def _day(values: Mapping[str, str], name: str) -> date | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("web.date_malformed") from error


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...], usual: str) -> str:
    value = values.get(name, usual)
    if value not in allowed:
        raise InvalidInputError("web.unknown_choice", name=Message("web.field_status"))
    return value
