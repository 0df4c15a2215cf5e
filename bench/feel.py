"""What FEEL costs: a cached condition, a decision table of unary tests, compiling.

Run `python -m bench.feel`. Budgets: 3 µs a condition over 50 fields, 300 µs a 100 × 5 table.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import process_time
from timeit import repeat
from typing import Any

from workflows.feel import compile_expression, compile_unary_tests, evaluate

FIELDS = {
    **{f"field_{number}": Decimal(number) for number in range(48)},
    "amount": Decimal(60_000),
    "kind": "x",
}
CONDITION = 'amount > 50000 and kind = "x"'
CELLS = ("> 50000", "[10..20]", '"a", "b", "c"', "-", 'not("x")')
ROWS = 100
LOOP = "sum(for i in 1..1000 return i * 2)"


def microseconds(work: Callable[[], Any], times: int) -> float:
    """Median processor time of one call over seven runs."""
    return median(repeat(work, timer=process_time, number=times, repeat=7)) / times * 1e6


def table() -> Callable[[], list[bool]]:
    """A 100 × 5 table whose rows all have to be looked at to the end."""
    cells = [compile_unary_tests(cell, FIELDS.keys()) for _ in range(ROWS) for cell in CELLS]
    values = [Decimal(60_000), Decimal(15), "c", None, "y"] * ROWS
    return lambda: [cell(value, FIELDS) for cell, value in zip(cells, values, strict=True)]


def main() -> None:
    """Prints the figures beside their budgets."""
    condition = compile_expression(CONDITION, FIELDS.keys())
    loop = compile_expression(LOOP, ())
    rows = (
        ("cached condition, 50 fields", microseconds(lambda: condition(FIELDS), 20_000), 3.0),
        (
            "evaluate() of the same text",
            microseconds(lambda: evaluate(CONDITION, FIELDS), 5_000),
            0,
        ),
        ("table of 100 × 5 unary tests", microseconds(table(), 50), 300.0),
        ("loop of 1,000 rounds", microseconds(lambda: loop({}), 20), 0),
        (
            "compiling the condition",
            microseconds(lambda: compile_expression(CONDITION, FIELDS.keys()), 200),
            0,
        ),
    )
    for name, took, budget in rows:
        print(f"{name:32}{took:10.2f} µs" + (f"   (budget {budget:g} µs)" if budget else ""))


if __name__ == "__main__":
    main()
