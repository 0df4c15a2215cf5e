"""The sealing process when files are bad and when it hangs, dies or is killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest

from tests.sealing.sealed import MADE, REASON, agreement, new_office, picture
from webapp.pdf.seal_picture import SIDE_PT, draw_seal, letters
from webapp.pdf.seal_place import find_place
from webapp.pdf.sealer import FONTS, Sealer, SealerSettings
from workflows.sealing.signing import SealingError


@pytest.fixture(scope="module")
def sealer() -> Iterator[Sealer]:
    made = Sealer()
    yield made
    made.close()


def _impostor(code: str, seconds: float = 5.0) -> Sealer:
    return Sealer(SealerSettings(timeout_seconds=seconds, command=(sys.executable, "-c", code)))


def _empty(pages: int, **options: object) -> bytes:
    made = BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(made, **options)
    return made.getvalue()


def test_bad_files_get_a_plain_answer(sealer: Sealer) -> None:
    locked = _empty(1, encryption=pikepdf.Encryption(owner="a", user="b"))
    files = {
        "not_pdf": b"PK\x03\x04 a word file",
        "broken": agreement()[:4000],
        "encrypted": locked,
    }
    assert {name: sealer.check(pdf, [], []).problem for name, pdf in files.items()} == {
        name: name for name in files
    }


def test_a_file_without_signature_has_none(sealer: Sealer) -> None:
    report = sealer.check(_empty(3), [], [])
    assert (report.problem, report.signatures, report.pages, report.holds) == (None, (), 3, False)


def test_a_process_that_hangs_is_killed(sealer: Sealer) -> None:
    slow = _impostor("import time; time.sleep(60)", seconds=0.3)
    started = time.monotonic()
    assert slow.check(_empty(1), [], []).problem == "slow"
    assert time.monotonic() - started < 5
    slow.close()


def test_a_process_that_dies_seals_nothing() -> None:
    dying = _impostor("raise SystemExit('no key today')")
    pdf = agreement()
    with pytest.raises(SealingError) as refused:
        dying.seal(pdf, new_office().material, picture(pdf), reason=REASON, moment=MADE)
    assert refused.value.message.code == "sealing.signer_away"
    dying.close()


def test_a_process_killed_while_it_waits_is_replaced(sealer: Sealer) -> None:
    sealer.warm()
    assert sealer._process is not None
    os.kill(sealer._process.pid, signal.SIGKILL)
    assert sealer.check(_empty(2), [], []).pages == 2


def test_what_is_no_pdf_is_not_sealed(sealer: Sealer) -> None:
    with pytest.raises(SealingError) as refused:
        sealer.seal(b"nothing", new_office().material, picture(b""), reason=REASON, moment=MADE)
    assert refused.value.message.code == "sealing.signer_failed"


def test_without_a_mark_the_seal_stands_at_the_foot_of_the_last_page() -> None:
    place = find_place(_empty(3))
    left, low, right, high = place.box
    assert place.page == 2
    assert right - left == high - low == round(SIDE_PT)
    assert 300 < left < right < 595 - 70
    assert 90 < low < high < 300


def test_the_picture_is_the_same_each_time_and_another_for_another_file() -> None:
    fonts = tuple(SealerSettings().packages / name for name in FONTS)
    drawn = [
        draw_seal(letters(fonts), "西峰镇人民调解委员会", digest * 16)
        for digest in ("12ab", "12ab", "12ac")
    ]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("length", [1, 13, 60])
def test_long_names_stay_inside_the_ring(length: int) -> None:
    fonts = tuple(SealerSettings().packages / name for name in FONTS)
    drawn = draw_seal(letters(fonts), "调" * length, "0" * 64)
    assert drawn.count(b" f Q") == length + len("防篡改印000000000000文件指纹完整性证据·非法定印章")
