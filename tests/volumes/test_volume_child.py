"""The process that binds: what it takes from a file, what it leaves, and what it may not do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from tests.factories.volumes import pdf_of, photo
from webapp.pdf.bare import bare_jpeg, bare_png
from webapp.pdf.binder import COMMAND, VolumeBinder
from webapp.pdf.process import ROOT
from workflows.volumes.binding import PDF, PICTURE, BindError, Bound, Found, Part, Wanted

NOW = datetime(2026, 10, 9, tzinfo=UTC)
HIDDEN = b"GPS-38.7-98.5"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def given(stack: ExitStack, folder: Path, content: bytes) -> Any:
    path = folder / f"{len(list(folder.iterdir()))}.bin"
    path.write_bytes(content)
    return stack.enter_context(path.open("rb"))


def bound(
    stack: ExitStack, folder: Path, files: Sequence[tuple[bytes, str, bool]]
) -> tuple[tuple[Found, ...], Bound]:
    binding = stack.enter_context(VolumeBinder(folder / "spool").open())
    found = binding.look([(given(stack, folder, c), how, ours) for c, how, ours in files])
    parts = [Part(number) for number, one in enumerate(found) if one.pages]
    numbers = pdf_of(sum(one.pages for one in found), (113.386, 22.677))
    return found, binding.bind(Wanted("卷宗", NOW, parts, (), numbers), lambda _done: None)


def pixels(content: bytes, page: int = 0) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    picture: Image.Image = document[page].render(scale=1).to_pil().convert("RGB")
    document.close()
    return picture


def acting_pdf() -> bytes:
    """A page with a script, a link, an attachment and a red stamp that is an annotation."""
    kept = BytesIO()
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595.276, 841.89))
        look = pdf.make_stream(b"1 0 0 rg 0 0 100 100 re f")
        look.Type, look.Subtype = Name.XObject, Name.Form
        look.BBox = Array([0, 0, 100, 100])
        stamp = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([100, 400, 200, 500]), F=4,
            AP=Dictionary(N=look),
        )  # fmt: skip
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 90, 90]),
            A=Dictionary(S=Name.URI, URI="http://example.invalid/"),
        )  # fmt: skip
        page.obj.Annots = Array([pdf.make_indirect(stamp), pdf.make_indirect(link)])
        page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(2)")
        pdf.attachments["secret.txt"] = b"secret"
        pdf.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("ours", [True, False])
def test_a_stamp_stays_to_be_seen_and_nothing_acts_any_more(
    stack: ExitStack, tmp_path: Path, ours: bool
) -> None:
    _found, made = bound(stack, tmp_path, [(acting_pdf(), PDF, ours)])
    content = made.content.read()
    assert pixels(content).getpixel((150, 842 - 450)) == (255, 0, 0)
    with pikepdf.open(BytesIO(content)) as pdf:
        for key in ("/Annots", "/AA"):
            assert key not in pdf.pages[0].obj
        for key in ("/OpenAction", "/Names", "/AcroForm"):
            assert key not in pdf.Root
    assert b"JavaScript" not in content
    assert b"example.invalid" not in content


def test_a_turned_scan_is_laid_the_way_it_is_looked_at(stack: ExitStack, tmp_path: Path) -> None:
    kept = BytesIO()
    with pikepdf.open(BytesIO(pdf_of(1))) as pdf:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"0 0 1 rg 0 741.89 595 100 re f")
        pdf.pages[0].obj.Rotate = 90
        pdf.save(kept)
    _found, made = bound(stack, tmp_path, [(kept.getvalue(), PDF, False)])
    picture = pixels(made.content.read())
    assert picture.size == (842, 596)
    assert picture.getpixel((820, 300)) == (0, 0, 255), "its head stands at the right"
    assert picture.getpixel((300, 300)) == (255, 255, 255)


def test_a_photo_tells_nothing_of_where_it_was_taken(stack: ExitStack, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = HIDDEN.decode()
    content = photo(exif=exif, comment=HIDDEN)
    assert HIDDEN in content
    _found, made = bound(stack, tmp_path, [(content, PICTURE, False)])
    assert HIDDEN not in made.content.read()


def test_a_photo_is_upright(stack: ExitStack, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    _found, made = bound(stack, tmp_path, [(photo(90, 60, exif=exif), PICTURE, False)])
    with pikepdf.open(made.content) as pdf:
        box = [float(one) for one in pdf.pages[0].mediabox]
    assert box[2] < box[3], "a picture turned upright stands on an upright page"


def test_what_is_transparent_lies_on_paper(stack: ExitStack, tmp_path: Path) -> None:
    kept = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(kept, "PNG")
    _found, made = bound(stack, tmp_path, [(kept.getvalue(), PICTURE, False)])
    assert pixels(made.content.read()).getpixel((297, 420)) == (255, 255, 255)


def test_bare_pictures_keep_their_pixels_and_lose_what_follows_them() -> None:
    noise = Image.effect_noise((120, 90), 90).convert("RGB")
    kept = BytesIO()
    noise.save(kept, "JPEG", progressive=True, exif=b"Exif\0\0" + HIDDEN, comment=HIDDEN)
    stripped = bare_jpeg(kept.getvalue() + b"\xff\xd8 another picture \xff\xd9")
    assert HIDDEN not in stripped
    assert b"another" not in stripped
    with Image.open(BytesIO(stripped)) as after, Image.open(kept) as before:
        assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize("cut", [2, 3, 10, 200])
def test_half_a_picture_is_none(cut: int) -> None:
    with pytest.raises(SyntaxError):
        bare_jpeg(photo()[:cut])
    with pytest.raises(SyntaxError):
        bare_png(photo(kind="PNG")[:cut] if cut < 100 else b"")


def test_a_bomb_is_too_large(stack: ExitStack, tmp_path: Path) -> None:
    bomb = photo(20, 20, kind="PNG")
    wide = (60_000).to_bytes(4, "big")
    bomb = bomb[:16] + wide + wide + bomb[24:]
    found, _made = bound(stack, tmp_path, [(bomb, PICTURE, False), (pdf_of(1), PDF, True)])
    assert [one.problem for one in found][1] is None
    assert found[0].problem in ("too_large", "broken")
    assert found[0].pages == 0


def test_a_file_that_brings_the_process_down_is_found_out(stack: ExitStack, tmp_path: Path) -> None:
    killer = tmp_path / "killer.py"
    killer.write_text(
        "import os, sys\n"
        "from webapp.pdf import volume_child as child\n"
        "pages = child._pages\n"
        "def deadly(fd):\n"
        "    if b'DEADLY' in child.opened(fd).read(): os._exit(9)\n"
        "    return pages(fd)\n"
        "child._pages = deadly\n"
        "sys.exit(child.main())\n"
    )
    binder = VolumeBinder(tmp_path / "spool", (sys.executable, "-s", "-P", str(killer)))
    binding = stack.enter_context(binder.open())
    contents = [pdf_of(1), b"%PDF-1.7 DEADLY", photo(), pdf_of(2)]
    files = [
        (given(stack, tmp_path, content), PICTURE if content[:1] == b"\xff" else PDF, False)
        for content in contents
    ]
    found = binding.look(files)
    assert [(one.pages, one.problem) for one in found] == [
        (1, None), (0, "broken"), (1, None), (2, None),
    ]  # fmt: skip


def test_a_process_that_only_dies_is_a_clear_failure(stack: ExitStack, tmp_path: Path) -> None:
    binding = stack.enter_context(VolumeBinder(tmp_path, (sys.executable, "-c", "exit(3)")).open())
    with pytest.raises(BindError) as failed:
        binding.look([(given(stack, tmp_path, pdf_of(1)), PDF, False)] * 7)
    assert failed.value.message.code == "volumes.bind_failed"


@pytest.mark.parametrize(
    "act",
    [
        "open('/etc/passwd')",
        "open('/tmp/x', 'w')",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.remove('/tmp/none')",
    ],
)
def test_the_process_opens_nothing_by_name_and_calls_nobody(act: str, tmp_path: Path) -> None:
    program = (
        "import sys; from webapp.pdf import volume_child as child; child._warm_up(); "
        f"sys.addaudithook(child.opens_nothing); {act}"
    )
    done = subprocess.run(
        [COMMAND[0], "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PermissionError: a reader of files" in done.stderr
