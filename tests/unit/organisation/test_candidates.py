"""Who may be asked, pure: dates, leave, substitutes."""

from __future__ import annotations

from datetime import date

from workflows.organisation.candidates import (
    Candidate,
    DelegationRecord,
    HolderRecord,
    candidates,
)

DAY = date(2026, 9, 3)
OPEN = date(9999, 12, 31)
ROLE, UNIT = "人民调解员", "111-TW"


def _post(person: int, start=date(2020, 1, 1), end=OPEN, role=ROLE, unit=UNIT) -> HolderRecord:
    return HolderRecord(person, f"name {person}", f"user{person}", role, unit, start, end)


def _leave(absent: int, substitute: int, **changes) -> DelegationRecord:
    values = {"role": None, "unit": None, "from_on": DAY, "to_on": DAY, **changes}
    return DelegationRecord(absent, substitute, f"name {substitute}", f"user{substitute}", **values)


def _people(posts, leaves=(), on=DAY) -> list[int]:
    return [found.person for found in candidates(ROLE, UNIT, posts, leaves, on)]


def test_holders_of_the_role_in_the_unit_in_their_order() -> None:
    posts = [_post(2), _post(1), _post(3, role="记录人"), _post(4, unit="1111-TW")]
    assert _people(posts) == [2, 1]


def test_post_counts_on_its_first_and_last_day_only_between() -> None:
    post = _post(1, date(2026, 9, 1), date(2026, 9, 3))
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 3), date(2026, 9, 4)]
    assert [bool(_people([post], on=day)) for day in days] == [False, True, True, False]


def test_two_posts_of_one_person_count_once() -> None:
    assert _people([_post(1), _post(1, date(2026, 1, 1))]) == [1]


def test_person_on_leave_is_replaced_by_the_substitute() -> None:
    found = candidates(ROLE, UNIT, [_post(1), _post(2)], [_leave(1, 9)], DAY)
    assert found == (
        Candidate(2, "name 2", "user2"),
        Candidate(9, "name 9", "user9", instead_of="name 1"),
    )


def test_leave_outside_its_days_role_or_unit_changes_nothing() -> None:
    others = [
        _leave(1, 9, from_on=date(2026, 9, 4), to_on=date(2026, 9, 9)),
        _leave(1, 9, from_on=date(2026, 8, 1), to_on=date(2026, 9, 2)),
        _leave(1, 9, role="记录人"),
        _leave(1, 9, unit="1111-TW"),
    ]
    assert _people([_post(1)], others) == [1]


def test_leave_for_this_role_and_unit_counts() -> None:
    assert _people([_post(1)], [_leave(1, 9, role=ROLE, unit=UNIT)]) == [9]


def test_substitute_who_holds_the_post_stands_in_the_own_right() -> None:
    found = candidates(ROLE, UNIT, [_post(1), _post(2)], [_leave(1, 2)], DAY)
    assert found == (Candidate(2, "name 2", "user2"),)


def test_substitution_is_not_passed_on() -> None:
    assert _people([_post(1)], [_leave(1, 2), _leave(2, 3)]) == []


def test_leave_of_somebody_without_the_post_brings_no_substitute() -> None:
    assert _people([_post(1)], [_leave(5, 9)]) == [1]


def test_nobody_holds_it() -> None:
    assert _people([]) == []
