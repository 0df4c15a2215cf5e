"""The moment at which the tests' clock stands."""

from datetime import UTC, datetime

START = datetime(2026, 9, 3, 1, 0, tzinfo=UTC)
"""Thursday 3 September 2026, 9:00 in Jiuquan."""
