"""Commands for whoever draws processes.

python -m webapp.diagrams build in.flow out.bpmn
python -m webapp.diagrams tidy in.bpmn out.bpmn
python -m webapp.diagrams svg in.bpmn out.svg [--language en]
python -m webapp.diagrams measure a.bpmn b.bpmn …
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from webapp.diagrams.build import build
from webapp.diagrams.measure import measure
from webapp.diagrams.notation import NotationError
from webapp.diagrams.svg import paint
from webapp.diagrams.tidy import tidy

FILE = click.Path(path_type=Path, dir_okay=False)
EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def main() -> None:
    """Draw, redraw, paint and measure BPMN diagrams."""


@main.command("build")
@click.argument("source", type=EXISTING)
@click.argument("target", type=FILE)
def build_command(source: Path, target: Path) -> None:
    """Make a first .bpmn from the line notation; from then on the .bpmn is the truth."""
    try:
        target.write_bytes(build(source.read_text(encoding="utf-8")))
    except NotationError as problem:
        raise click.ClickException(f"{source.name}, {problem}") from problem


@main.command("tidy")
@click.argument("source", type=EXISTING)
@click.argument("target", type=FILE)
def tidy_command(source: Path, target: Path) -> None:
    """Redraw a .bpmn; names gateways whose exits changed their order."""
    try:
        done = tidy(source.read_bytes())
    except ValueError as problem:
        raise click.ClickException(f"{source.name}: {problem}") from problem
    target.write_bytes(done.source)
    for gateway in done.reordered:
        click.echo(f"look at {gateway}: its exits stand in another order")


@main.command("svg")
@click.argument("source", type=EXISTING)
@click.argument("target", type=FILE)
@click.option("--language", default="zh-Hans")
@click.option("--active", multiple=True, help="id of an element where a run stands")
def svg_command(source: Path, target: Path, language: str, active: tuple[str, ...]) -> None:
    """Paint a .bpmn as SVG."""
    target.write_text(paint(source.read_bytes(), language=language, active=active), "utf-8")


@main.command("measure")
@click.argument("sources", type=EXISTING, nargs=-1, required=True)
def measure_command(sources: tuple[Path, ...]) -> None:
    """Count what a person would call ugly."""
    for source in sources:
        figures = " ".join(f"{k}={v}" for k, v in asdict(measure(source.read_bytes())).items())
        click.echo(f"{source.name}: {figures}")


if __name__ == "__main__":
    main()
