"""What a case is found by: Chinese text as two-character words, numbers and letters as they are.

Neither database splits Chinese; FTS5's own trigram tokenizer finds nothing for words of two
characters. So we write the pairs ourselves (土地承包 → 土地 地承 承包) and ask for them as phrases.
The words of a case also hold its units (`u620902104tw`), so that a search inside one office never
walks the whole city. Sealed facts are never indexed; a case that needs a grant is found by its
number only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, literal, literal_column, select, text
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from workflows.cases.tables import NORMAL, CaseRecord, CaseSearch
from workflows.storage import Session
from workflows.storage.upsert import insert_into

MOST_MATCHES = 200
"""Cases a search looks at, newest first: keeps it as fast with a million cases. Whoever gets that
many should type another word."""

MOST_TERMS = 6
MOST_WORDS = 2000
SUMMARY_CHARACTERS = 500
_PIECE = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+|[a-z0-9]+")
_ALNUM = re.compile(r"[^a-z0-9]+")


def words_of(value: str) -> list[str]:
    """The words of a text in order: pairs of Han characters and the last one alone, so that each
    character begins some word; runs of letters and digits."""
    words: list[str] = []
    for piece in _PIECE.findall(value.lower()):
        if piece[0].isascii() or len(piece) == 1:
            words.append(piece)
        else:
            words += [piece[i : i + 2] for i in range(len(piece))]
    return words


def _phrase(term: str) -> list[str]:
    """The words a text has in this order where it holds the term. What was typed may go on in
    the text, so its last character alone is left out."""
    words = words_of(term)
    goes_on = len(words) > 1 and len(words[-2]) == 2 and not words[-2].isascii()
    return words[:-1] if goes_on and len(words[-1]) == 1 and words[-2][1] == words[-1] else words


def unit_word(code: str) -> str:
    """The word that stands for a unit."""
    return "u" + _ALNUM.sub("", code.lower())


def case_words(case: CaseRecord, numbers: Iterable[str], unit_paths: Iterable[str]) -> str:
    """Everything a case is found by, words apart by blanks."""
    parts = [case.number, *numbers]
    if case.access_class == NORMAL:
        names = [str(party.get("name", "")) for party in case.parties]
        parts += [case.title, *names, str(case.facts.get("summary") or "")[:SUMMARY_CHARACTERS]]
    words = [word for part in parts for word in words_of(part)][:MOST_WORDS]
    units = {unit_word(code) for path in unit_paths for code in path.strip("/").split("/")}
    return " ".join([*words, *sorted(units)])


def save_words(session: Session, case_id: int, words: str) -> None:
    """Writes what the case is found by: one statement."""
    dialect = session.dialect
    found_by: Any = words
    if dialect != "sqlite":
        places = " ".join(f"'{word}':{place}" for place, word in enumerate(words.split(), 1))
        found_by = cast(literal(places, Text), TSVECTOR)
    row = insert_into(dialect, CaseSearch).values(case_id=case_id, words=found_by)
    session.raw(
        row.on_conflict_do_update(index_elements=["case_id"], set_={"words": row.excluded.words})
    )


def forget_old_words(session: Session) -> None:
    """Takes words no case is found by any more out of the index itself. FTS5 only notes that a row
    has gone and keeps its words until it happens to merge them (SQLite documentation, “The
    'optimize' Command”): half a second for 40,000 cases, with the write lock held, so this is for
    the worker. PostgreSQL writes every row anew and needs nothing."""
    if session.dialect == "sqlite":
        session.raw(text("INSERT INTO case_search_fts(case_search_fts) VALUES ('optimize')"))


def matching_cases(dialect: str, query: str, units: Sequence[str] | None) -> Select[Any] | None:
    """A select of `case_id` for at most MOST_MATCHES cases, newest first; None if the query holds
    nothing to search for.

    Terms apart by blanks must all be found. `units`: codes of which the case must carry one, None
    for no limit.
    """
    phrases = [words for term in query.split()[:MOST_TERMS] if (words := _phrase(term))]
    if not phrases:
        return None
    scope = None if units is None else [unit_word(code) for code in sorted(set(units))]
    if scope == []:
        return None
    if dialect == "sqlite":
        return _match_sqlite(phrases, scope)
    return _match_postgres(phrases, scope)


def _match_sqlite(phrases: list[list[str]], scope: list[str] | None) -> Select[Any]:
    terms = [f'"{" ".join(words)}"{_star(words)}' for words in phrases]
    if scope is not None:
        terms.append("(" + " OR ".join(scope) + ")")
    return (
        select(literal_column("rowid").label("case_id"))
        .select_from(text("case_search_fts"))
        .where(text("case_search_fts MATCH :match").bindparams(match=" AND ".join(terms)))
        .order_by(text("rowid DESC"))
        .limit(MOST_MATCHES)
    )


def _match_postgres(phrases: list[list[str]], scope: list[str] | None) -> Select[Any]:
    terms = [" <-> ".join(_quoted(words)) for words in phrases]
    if scope is not None:
        terms.append("(" + " | ".join(_quoted([word])[0] for word in scope) + ")")
    wanted = cast(literal(" & ".join(f"({term})" for term in terms), Text), TSQUERY)
    return (
        select(CaseSearch.case_id)
        .where(CaseSearch.words.op("@@")(wanted))
        .order_by(CaseSearch.case_id.desc())
        .limit(MOST_MATCHES)
    )


def _star(words: list[str]) -> str:
    """One typed character is the beginning of a word; so are letters and digits."""
    return " *" if _is_beginning(words[-1]) else ""


def _quoted(words: list[str]) -> list[str]:
    quoted = [f"'{word}'" for word in words]
    if _is_beginning(words[-1]):
        quoted[-1] += ":*"
    return quoted


def _is_beginning(word: str) -> bool:
    return len(word) == 1 or word[0].isascii()
