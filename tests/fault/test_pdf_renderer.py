"""The renderer pool when things go wrong: hanging, dying, babbling, too many at once, bad input."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from webapp.pdf.renderer import RendererPool, RendererSettings
from workflows.documents.rendering import Rendered, RenderError

CREATED = datetime(2026, 9, 3, 2, 0, tzinfo=UTC)
PAGE = "<html lang='zh-CN'><p style='font-family: Noto Serif SC'>调解协议</p></html>"


def impostor(code: str) -> tuple[str, ...]:
    """A renderer process that runs `code` instead."""
    return (sys.executable, "-c", code)


def render(pool: RendererPool, html: str = PAGE) -> Rendered:
    return pool.render(html, title="人民调解协议书", created=CREATED)


@pytest.fixture(scope="module")
def pool() -> Iterator[RendererPool]:
    made = RendererPool()
    yield made
    made.close()


def refusal(pool: RendererPool, html: str = PAGE) -> RenderError:
    with pytest.raises(RenderError) as caught:
        render(pool, html)
    return caught.value


def test_process_that_hangs_is_killed_after_the_timeout() -> None:
    pool = RendererPool(
        RendererSettings(timeout_seconds=0.3, command=impostor("import time; time.sleep(60)"))
    )
    started = time.monotonic()
    assert refusal(pool).message.code == "documents.render_timeout"
    assert time.monotonic() - started < 5
    assert pool.idle_pids() == ()
    pool.close()


def test_process_that_dies_gives_its_last_words() -> None:
    pool = RendererPool(RendererSettings(command=impostor("raise SystemExit('no fonts today')")))
    error = refusal(pool)
    assert error.message.code == "documents.render_crashed"
    assert error.message.params["detail"] == "exit 1: no fonts today"
    pool.close()


def test_process_that_babbles_is_refused() -> None:
    pool = RendererPool(RendererSettings(command=impostor("print('hello' * 100)")))
    assert refusal(pool).message.code == "documents.render_crashed"
    pool.close()


def test_document_larger_than_a_pipe_reaches_a_process_that_does_not_read() -> None:
    pool = RendererPool(
        RendererSettings(timeout_seconds=0.3, command=impostor("import time; time.sleep(60)"))
    )
    assert refusal(pool, "x" * 1_000_000).message.code == "documents.render_timeout"
    pool.close()


def test_killed_process_is_replaced_before_the_next_document(pool: RendererPool) -> None:
    render(pool)
    (victim,) = pool.idle_pids()
    os.kill(victim, signal.SIGKILL)
    assert render(pool).pages == 1
    assert pool.idle_pids() != (victim,)


def test_process_is_replaced_after_its_share_of_documents() -> None:
    pool = RendererPool(RendererSettings(documents_per_process=1))
    assert render(pool).pages == 1
    assert pool.idle_pids() == ()
    pool.close()


def test_process_that_grew_is_replaced() -> None:
    pool = RendererPool(RendererSettings(memory_bytes=1))
    assert render(pool).pages == 1
    assert pool.idle_pids() == ()
    pool.close()


def test_waiting_for_a_free_process_ends() -> None:
    pool = RendererPool(
        RendererSettings(timeout_seconds=0.5, command=impostor("import time; time.sleep(60)"))
    )
    codes: list[str] = []

    def ask(delay: float) -> None:
        time.sleep(delay)
        codes.append(refusal(pool).message.code)

    threads = [threading.Thread(target=ask, args=(delay,)) for delay in (0.0, 0.1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "documents.render_timeout" in codes
    assert set(codes) <= {"documents.render_busy", "documents.render_timeout"}
    pool.close()


def test_threads_share_one_process(pool: RendererPool) -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(render(pool).pdf)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert len(pool.idle_pids()) == 1


def test_missing_fonts_are_named(tmp_path: Path) -> None:
    pool = RendererPool(RendererSettings(packages=tmp_path))
    error = refusal(pool)
    assert error.message.code == "documents.fonts_missing"
    assert "noto-serif-sc/400Regular" in str(error.message.params["folder"])


def test_child_gets_a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_DEMO_PASSWORD", "secret")
    code = "import os,sys; sys.exit(','.join(sorted(os.environ)))"
    pool = RendererPool(RendererSettings(command=impostor(code)))
    detail = str(refusal(pool).message.params["detail"])
    names = set(detail.removeprefix("exit 1: ").split(","))
    assert names - {"LC_CTYPE"} == {
        "FONTCONFIG_FILE",
        "HOME",
        "LANG",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHASHSEED",
        "PYTHONPATH",
        "TMPDIR",
    }
    pool.close()


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<img src='http://127.0.0.1:1/x.png' alt=''>", "http"),
        ("<img src='file:///etc/passwd' alt=''>", "file"),
        ("<img src='x.png' alt=''>", "relative"),
        ("<style>@import 'https://example.invalid/a.css';</style>", "https"),
        ("<link rel='stylesheet' href='/etc/a.css'>", "relative"),
        ("<link rel='attachment' href='file:///etc/passwd'>", "file"),
        ("<p style='background: url(file:///etc/x.png)'>a</p>", "file"),
        ("<object data='file:///etc/passwd'></object>", "file"),
        (
            "<style>@font-face{font-family:x;src:url(data:font/ttf;base64,AAAA)}</style>"
            "<p style='font-family:x'>a</p>",
            "data:font/ttf",
        ),
        ("<img src='data:text/html,x' alt=''>", "data:text/html"),
        ("<img src='data:image/png;base64,*' alt=''>", "data: (base64)"),
    ],
)
def test_source_outside_the_document_is_refused(pool: RendererPool, html: str, named: str) -> None:
    error = refusal(pool, html)
    assert error.message.code == "documents.render_refused"
    assert error.message.params["detail"] == named


def test_refusal_keeps_the_process(pool: RendererPool) -> None:
    render(pool)
    before = pool.idle_pids()
    refusal(pool, "<img src='file:///etc/passwd' alt=''>")
    assert pool.idle_pids() == before


def test_picture_inside_a_picture_does_not_reach_the_disk(pool: RendererPool) -> None:
    svg = (
        "%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%2210%22 height=%2210%22%3E"
        "%3Cimage href=%22file:///etc/passwd%22 width=%2210%22 height=%2210%22/%3E%3C/svg%3E"
    )
    made = render(pool, f"<img alt='x' src='data:image/svg+xml,{svg}'>")
    assert any("Failed to render SVG" in line for line in made.warnings)


def test_broken_markup_still_gives_a_page(pool: RendererPool) -> None:
    assert render(pool, "<table><td><p>未关<b>").pages == 1
