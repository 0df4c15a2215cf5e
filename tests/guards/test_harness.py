"""The suite's own safety nets work."""

from __future__ import annotations

import logging
import socket
import warnings

import pytest

from tests.conftest import ErrorLines


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_network_beyond_loopback_is_off(host: str) -> None:
    with pytest.raises(PermissionError, match="no network"):
        socket.create_connection((host, 80), timeout=1)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


def test_warnings_are_errors() -> None:
    with pytest.raises(UserWarning):
        warnings.warn("anything", UserWarning, stacklevel=1)


def test_error_lines_are_collected(expected_errors: list[str]) -> None:
    expected_errors.append("^room: it broke")
    lines = ErrorLines()
    logging.getLogger("room").addHandler(lines)
    logging.getLogger("room").warning("not collected")
    logging.getLogger("room").error("it broke: %s", "here")
    logging.getLogger("room").removeHandler(lines)
    assert lines.surprises(["^other"]) == ["room: it broke: here"]
    assert lines.surprises(["broke"]) == []
