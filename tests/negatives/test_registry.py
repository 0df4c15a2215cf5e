"""Every surface stands in `surfaces.toml` with an answer to each hard negative. What fails here
is a surface nobody has decided about: add its line, see docs/hard-negatives.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.negatives.registry import ASKED, NEGATIVES, asked, listed, profiles
from tests.negatives.surfaces import columns, every_surface
from webapp.app import create_app
from webapp.settings import Settings

SHORTEST_REASON = 8


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path / 'x.db'}"))


def test_every_surface_is_listed(app: Flask) -> None:
    assert sorted(every_surface(app) - set(listed())) == []


def test_nothing_is_listed_that_is_not_there(app: Flask) -> None:
    assert sorted(set(listed()) - every_surface(app)) == []


@pytest.mark.parametrize("name", sorted(profiles()))
def test_profile_answers_every_negative(name: str) -> None:
    profile = profiles()[name]
    answers = {number: profile[str(number)] for number in NEGATIVES}
    assert {
        n for n, said in answers.items() if said != ASKED and len(said) < SHORTEST_REASON
    } == set()
    assert set(profile) == {"about", "surfaces", *(str(number) for number in NEGATIVES)}


def test_every_column_that_may_hold_words_is_scanned() -> None:
    assert {name for name in asked(3) if name.startswith("column ")} == set(columns())


def test_a_new_surface_is_noticed(app: Flask) -> None:
    app.add_url_rule("/gossip", "gossip", lambda: "")
    assert every_surface(app) - set(listed()) == {"route GET gossip"}
