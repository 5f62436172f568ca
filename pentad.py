"""The command line: one short function a verb. Engines and evidence are elsewhere."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from fuzz.errors import FuzzError
from impl.demo.errors import DemoError
from impl.net.errors import NetError
from impl.serve.errors import ServeError
from model.chart import chart
from model.language import ModelError
from model.scope import Scope, scope
from model.systems import MULTI_DEVICE
from properties import sound
from properties.catalogue import CATALOGUE, property_of
from properties.conditions import Without, parse
from properties.evidence.part import Part, evidence
from properties.flaws import dropped, flaw_of
from properties.listing import listing
from properties.necessity import Need
from properties.property import Property
from reports.evidence import FILE, Engine, EvidenceError, NotChecked, load
from reports.folder import write
from reports.html import SYMBOLS
from reports.terminal import legend, summary, tabled, told

OUT = Path("pentad-out")
WEAKENED = OUT / "weakened"  # apart, so that no verdict about less than the protocol is merged with one about it
UNITS = {"s": 1, "m": 60, "h": 3600}
SIZES = {"M": 1 << 20, "G": 1 << 30}


@dataclass(frozen=True)
class Budget:
    """What `check` may spend; the whole must fit in six minutes on two cores."""

    scopes: tuple[str, ...]
    steps: int
    fuzz_seconds: int
    seeds: int = 1
    necessity: bool = False


IN_GROUPS = "group", "insider", "speaker"
OF_SETTINGS = "settings", "stranger"
IN_PARLOURS = "ratchet", "prekeys", "impostor", "anew", "renewed", "setback"
ON_DOORSTEPS = "typing", "guessing", "posing"
OF_POCKETS = "fading", "viewing", "ringing", "asking", "vault", "comparing"
ON_DEMAND = "demand", "begging", "pretending", "hearsay"
OF_NEWSSTANDS = "stale", "fickle", "leaving"
EXPLORED = (
    *("small", "contact", "medium"),
    *(*IN_GROUPS, *OF_SETTINGS, *OF_POCKETS, *ON_DEMAND, *IN_PARLOURS, *ON_DOORSTEPS, *OF_NEWSSTANDS),
)
FULL = Budget(scopes=EXPLORED, steps=20_000, fuzz_seconds=120, seeds=5, necessity=True)
QUICK = Budget(scopes=("tiny",), steps=2_000, fuzz_seconds=60)

app = typer.Typer(
    help="Verify and fuzz multi-device end-to-end encrypted messaging.\n\n"
    "Exit codes: 0 all that was checked holds, 1 something is violated or unknown, 2 bad usage or bad input.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 120)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """The console command `pentad`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code. What the user can mend is one line on stderr."""
    try:
        app(arguments, prog_name="pentad")
    except SystemExit as ended:
        return int(ended.code or 0)
    except (ModelError, EvidenceError, FuzzError, DemoError, NetError, ServeError) as error:
        err.print(Text(f"pentad: {error}"))
    except (FileExistsError, NotADirectoryError) as error:
        err.print(Text(f"pentad: {error.filename} is a file; choose a folder for what is found"))
    except OSError as error:
        err.print(Text(f"pentad: {f'{error.filename}: ' if error.filename else ''}{error.strerror}"))
    return 2


def quantity(units: dict[str, int]) -> Callable[[str], int]:
    """Reads `60s` or `4G`; a bare number counts in the first of the units."""

    def read(text: str) -> int:
        number, unit = (text[:-1], text[-1]) if text[-1:] in units else (text, next(iter(units)))
        if not number.isdigit() or not int(number):
            raise typer.BadParameter(f"{text!r} is no quantity; write for example 60{next(iter(units))}")
        return int(number) * units[unit]

    return read


Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Properties; all if none is given.")]
Drop = Annotated[
    list[str] | None, typer.Option("--without", metavar="ACTION.GUARD", help="Drop a condition; may be repeated.")
]
Flaw = Annotated[str | None, typer.Option("--flaw", metavar="KF-xx", help="Seed a published flaw.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Where random choices come from.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help=f"Where evidence and report go; {OUT}/ if not given.")
]
Seconds = Annotated[int, typer.Option("--time", parser=quantity(UNITS), metavar="60s", help="How long to fuzz.")]
Memory = Annotated[int, typer.Option("--memory", parser=quantity(SIZES), metavar="4G", help="Bound for the states.")]


def chosen(ids: list[str] | None) -> list[Property]:
    return [property_of(id) for id in ids] if ids else list(CATALOGUE.values())


def weakened(without: list[str] | None, flaw: str | None) -> Without:
    """The conditions that are left out of the model, one by one or with a flaw."""
    return parse(MULTI_DEVICE, without or []) | (dropped(flaw) if flaw else frozenset())


@dataclass
class Session:
    """One command: what it found, and the folder where that goes."""

    directory: Path
    scope: str
    seed: int
    merges: bool
    parts: list[Part] = field(default_factory=list)
    failed: bool = False
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)  # fails before the work, not after it
        self.older = load(self.directory) if self.merges and (self.directory / FILE).exists() else None
        out.print(f"pentad {version('pentad')}, scope {self.scope}, seed {self.seed}")

    def finish(self, tables: bool = False) -> None:
        """Show what was found, store it, and exit: 0 if all of it holds, else 1."""
        found = evidence(
            self.parts,
            tool_version=version("pentad"),
            command=shlex.join(["pentad", *sys.argv[1:]]),
            started=self.started,
            seconds=time.monotonic() - self.began,
            seed=self.seed,
        )
        for finding in found.findings:
            out.print()
            for line in told(finding, self.directory):
                out.print(Text(line))
        for table in tabled(found) if tables else ():
            out.print()
            out.print(table)
        out.print()
        out.print(summary(found))
        out.print(legend())
        page = write(self.older.merge(found) if self.older else found, self.directory)
        out.print(Text(f"report: {page}"))
        raise typer.Exit(2 if self.failed else found.exit_code())

    def add(self, engine: Engine, work: Callable[[], Part]) -> None:
        """Do the work, unless an engine before was interrupted. One that cannot do it costs no other its results."""
        if any(part.interrupted for part in self.parts):
            return
        try:
            self.parts.append(work())
        except (ModelError, FuzzError) as error:
            err.print(Text(f"pentad: {engine}: {error}"))
            self.parts.append(Part(not_checked=[NotChecked(f"All that {engine} was to check", str(error), engine)]))
            self.failed = True


def session(directory: Path | None, scope: str, seed: int = 0, weakened: bool = False, merges: bool = True) -> Session:
    return Session(directory or (WEAKENED if weakened else OUT), scope, seed, merges and not weakened)


@contextmanager
def progress(what: str) -> Iterator[Callable[..., None]]:
    """A line on stderr as long as this lasts, if that is a terminal; what was covered if it is cut short."""
    line = Progress(
        TextColumn(what), BarColumn(), TextColumn("{task.fields[covered]}"), TimeElapsedColumn(),
        console=err, transient=True, disable=not err.is_terminal,
    )  # fmt: skip
    task = line.add_task(what, total=None, covered="")
    covered = "nothing"

    def tell(text: str, done: float | None = None, total: float | None = None) -> None:
        nonlocal covered
        covered = text
        line.update(task, completed=done, total=total, covered=text)

    try:
        with line:
            yield tell
    except KeyboardInterrupt:
        err.print(Text(f"pentad: interrupted; {what} had covered {covered}"))
        raise


def counting(tell: Callable[..., None], what: str) -> Callable[..., None]:
    """Tells how many of all are done, for engines that count so."""
    return lambda done, of, *_: tell(f"{done} of {of} {what}", done, of)


def proving(
    properties: list[Property],
    without: Without = frozenset(),
    flaw: str | None = None,
    seeds: int = 1,
    second_opinion: bool = False,
) -> Part:
    from properties.evidence.proofs import of_proofs
    from properties.prove import prove

    began = time.monotonic()
    with progress("prove") as tell:
        proofs = prove(
            MULTI_DEVICE,
            properties,
            without=without,
            seeds=seeds,
            second_opinion=second_opinion,
            progress=counting(tell, "obligations"),
        )
    needed = [] if without else needs_of(tuple(properties))
    return of_proofs(proofs, seconds=time.monotonic() - began, without=without, flaw=flaw, needs=needed)


@cache
def needs_of(properties: tuple[Property, ...]) -> list[Need]:
    """Which conditions their proofs need: found once, for the table of proofs and for the matrix."""
    from properties.necessity import needs

    with progress("necessity") as tell:
        return needs(MULTI_DEVICE, properties, progress=counting(tell, "obligations"))


def suggesting(property: Property) -> int:
    """Prints lemmas with which the proof goes through: 0 if nothing is missing, else 1."""
    from properties.suggest import suggest
    from properties.templates import source

    with progress("suggest") as tell:
        found = suggest(MULTI_DEVICE, property, progress=lambda n: tell(f"{n} clauses"))
    if not found.failing:
        out.print(Text(f"{property.id}: nothing is missing, every obligation is met"))
        return 0
    out.print(Text(f"{property.id}: not shown: {', '.join(found.failing)}"))
    if not found.candidates:
        out.print(Text(f"nothing found among {found.tried} clauses; read the counterexample that prove shows"))
    for candidate in found.candidates:
        out.print(Text("\n".join(["", "with this lemma the proof goes through:", *source(candidate)])))
    return 1


def needing(properties: list[Property], directory: Path) -> Part:
    """Its traces go into the folder `reached` beside the evidence."""
    from properties import vacuity
    from properties.evidence.necessities import of_vacuity, traces

    began, claims = time.monotonic(), vacuity.claims_of(properties)
    with progress("necessity") as tell:
        reached = vacuity.reach(
            MULTI_DEVICE, claims, lambda at, n, of: tell(f"{n} of {of} reached, now at {at}", n, of)
        )
    folder = directory / "reached"
    folder.mkdir(exist_ok=True)
    for name, trace in traces(reached).items():
        trace.save(folder / f"{name}.json")
    consistent = list(vacuity.consistent(MULTI_DEVICE, claims, reached))
    return of_vacuity(properties, reached, consistent, time.monotonic() - began)


def leaning(properties: list[Property], directory: Path) -> Part:
    """The graph goes into `lemmas.dot` beside the evidence."""
    from properties.evidence.necessities import of_leanings
    from properties.leaning import dot, leanings

    began = time.monotonic()
    with progress("lemmas"):
        found = leanings(MULTI_DEVICE, properties)
    (directory / "lemmas.dot").write_text(dot(found, properties), encoding="utf-8")
    return of_leanings(found, time.monotonic() - began)


def dropping(properties: list[Property], directory: Path) -> Part:
    """The traces go into the folder `necessity` beside the evidence: each replays without its guard."""
    from properties.evidence.necessities import of_matrix
    from properties.matrix import matrix

    began, folder = time.monotonic(), directory / "necessity"
    folder.mkdir(exist_ok=True)
    needed = needs_of(tuple(properties))
    with progress("matrix") as tell:
        found = matrix(MULTI_DEVICE, properties, needed, counting(tell, "guards"))
    for row in found.rows:
        for id, trace in row.traces.items():
            trace.save(folder / f"{row.name}.{id}.json")
    return of_matrix(properties, found, time.monotonic() - began)


def exploring(
    at: Scope,
    properties: list[Property],
    without: Without = frozenset(),
    flaw: str | None = None,
    spill: Path | None = None,
    **bounds: Any,
) -> Part:
    """With a folder to `spill` into, what turns out not to fit in memory is searched there instead."""
    from properties.disk import FILE as CHECKPOINT
    from properties.evidence.explorations import of_exploration
    from properties.explore import OutOfMemory, ScopeTooLarge, explore
    from properties.explore import Progress as SearchProgress
    from properties.independence import independence

    def tell_of(now: SearchProgress) -> None:
        waiting = f"{now.frontier:,} waiting, {now.states_per_second:,.0f} states/s"
        growing = f", most by {now.grows_by}" if now.grows_by else ""
        tell(f"{now.states:,} states, depth {now.depth}, {waiting}{growing}")

    claims, unable = asked(properties, **bounds)
    with progress(f"explore {at.name}") as tell:
        try:
            found = explore(MULTI_DEVICE, at, claims, without=without, progress=tell_of, **bounds)
        except OutOfMemory as error:
            if spill is None:
                raise
            if not error.begun:
                again = shlex.join(["pentad", *sys.argv[1:], "--disk", str(spill)])
                raise ScopeTooLarge(f"{error}; on disk it is: {again}") from None
            if bounds["thorough"]:
                sound.check(claims, disk=spill)
            bounds["disk"] = spill
            told, _, _ = str(error).partition("; ")
            err.print(Text(f"pentad: {told}; so it begins again, and the states are kept in {spill} meanwhile"))
            claims, unable = asked(properties, **bounds)
            found = explore(MULTI_DEVICE, at, claims, without=without, progress=tell_of, **bounds)
            if found.complete or found.counterexamples or not (spill / CHECKPOINT).exists():
                shutil.rmtree(spill)
            else:
                err.print(Text(f"pentad: interrupted; it goes on with: pentad explore --resume {spill}"))
    independent = {p: independence(MULTI_DEVICE, at, p, without) for p in properties if p.kind == "independent"}
    return of_exploration(found, properties, independent, without=without, flaw=flaw, unable=unable)


def asked(
    properties: list[Property],
    symmetric: bool = False,
    disk: Path | None = None,
    scheduler: str | None = None,
    **_: Any,
) -> tuple[list[Property], str]:
    """The properties that such a search can be asked for, and why it cannot be for others."""
    unable = sound.unable(symmetric=symmetric, disk=disk, scheduler=scheduler)
    return [p for p in properties if p.stated or (p.explored and not unable)], unable


def conforming(steps: int, seed: int, flaw: str | None = None) -> Part:
    from properties.conform import conform
    from properties.evidence.conformances import of_conformance

    with progress("conform") as tell:
        found = conform(
            steps=steps, seed=seed, flaw=flaw, progress=lambda n: tell(f"{n:,} of {steps:,} steps", n, steps)
        )
    return of_conformance(MULTI_DEVICE, found)


def fuzzing(targets: list[str], seconds: int, seed: int, directory: Path) -> Part:
    from fuzz.campaign import run
    from fuzz.evidence import evidence
    from fuzz.libfuzzer import TargetRun

    def tell_of(now: TargetRun) -> None:
        tell(f"{now.target}: {now.inputs:,} inputs, {now.edges:,} edges", time.monotonic() - began, seconds)

    began = time.monotonic()
    with progress("fuzz") as tell:
        campaign = run(targets, seconds, seed, directory, tell_of)
    found = evidence(campaign)
    return Part(found.results, found.runs, found.findings, found.not_checked, found.properties, campaign.interrupted)


@app.command("check")
def check_command(
    quick: Annotated[bool, typer.Option("--quick", help="Smaller scopes and shorter runs.")] = False,
    seed: Seed = 0,
    second_opinion: Annotated[bool, typer.Option("--second-opinion", help="Ask cvc5 too.")] = False,
    directory: Out = None,
) -> None:
    """Prove, explore, show what each proof and each guard is there for, conform and fuzz in turn, then report.

    \b
    Example: pentad check --quick --out evidence-of-today
    """
    budget = QUICK if quick else FULL
    job = session(directory, f"unbounded and {', '.join(budget.scopes)}", seed, merges=False)
    properties = list(CATALOGUE.values())
    job.add("prove", lambda: proving(properties, seeds=budget.seeds, second_opinion=second_opinion))
    for name in budget.scopes:
        job.add("explore", partial(exploring, scope(name), properties))
    if budget.necessity:
        for part in (needing, leaning, dropping):
            job.add("necessity", partial(part, properties, job.directory))
    job.add("conform", lambda: conforming(budget.steps, seed))
    job.add("fuzz", lambda: fuzzing([], budget.fuzz_seconds, seed, job.directory))
    job.finish()


@app.command("prove")
def prove_command(
    ids: Ids = None,
    without: Drop = None,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", min=1, help="Under so many seeds of the solver.")] = 1,
    second_opinion: Annotated[bool, typer.Option("--second-opinion", help="Ask cvc5 too.")] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="Look for the lemma that is missing, instead.")] = False,
    directory: Out = None,
) -> None:
    """Prove properties for any number of users, devices, lists and messages.

    \b
    Example: pentad prove L4 --without linking.confirm.linking_secret
    """
    less = parse(MULTI_DEVICE, without or [])
    properties = chosen(ids)
    if suggest:
        raise typer.Exit(max(suggesting(property) for property in properties))
    job = session(directory, "unbounded", weakened=bool(less))
    job.parts.append(proving(properties, less, seeds=seeds, second_opinion=second_opinion))
    job.finish()


@app.command("necessity")
def necessity_command(ids: Ids = None, directory: Out = None) -> None:
    """Show that proofs are not empty, and what each of them needs: which lemmas, and which guards.

    \b
    Example: pentad necessity L4
    """
    job = session(directory, "unbounded")
    properties = chosen(ids)
    job.parts.append(needing(properties, job.directory))
    job.parts.append(leaning(properties, job.directory))
    job.parts.append(dropping(properties, job.directory))
    job.finish()


At = Annotated[str, typer.Option("--scope", metavar="NAME|SIZES", help="`pentad list scopes`, or users=2,devices=4.")]


@app.command("export")
def export_command(
    ids: Ids = None,
    to: Annotated[
        str, typer.Option("--to", metavar="promela|murphi|tla|dot|smtlib|pages", help="In whose words.")
    ] = "smtlib",
    at: At = "small",
    directory: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")] = OUT / "export",
) -> None:
    """Write the model down: a scope for Spin, Rumur, TLC or Graphviz, what is to be proven, or pages to read.

    \b
    Example: pentad export L4 D2 --to promela --scope tiny
    """
    from properties.exporting import OBLIGATIONS, export

    with progress(f"export to {to}"):
        written = export(to, MULTI_DEVICE, scope(at), chosen(ids), directory)
    if to == OBLIGATIONS:
        out.print(Text(f"{len(written.files)} obligations in {directory}, a folder an action; unsat is a proof"))
        return
    for path in written.files:
        out.print(Text(str(path)))
    if written.unsaid and to != "dot":
        out.print(Text(f"not about states or steps, so not in it: {', '.join(p.id for p in written.unsaid)}"))


@app.command("explore")
def explore_command(
    ids: Ids = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--scope", metavar="NAME|SIZES", help="`pentad list scopes`, or users=2,devices=4. [default: small]"
        ),
    ] = None,
    memory: Memory = "4G",  # type: ignore[assignment]
    threads: Annotated[int, typer.Option("--threads", metavar="N", min=1, max=64)] = os.cpu_count() or 1,
    symmetry: Annotated[
        bool, typer.Option("--symmetry", help="States that differ in interchangeable elements alone count as one.")
    ] = False,
    disk: Annotated[
        Path | None, typer.Option("--disk", metavar="DIR", help="Keep the states there, for scopes beyond memory.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="DIR", help="Go on with a search that was begun with --disk DIR.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="tcp://HOST:PORT", help="Spread the work over a Dask cluster.")
    ] = None,
    swarm: Annotated[
        int | None,
        typer.Option("--swarm", parser=quantity(UNITS), metavar="60s", help="At random for so long, a bit a state."),
    ] = None,
    seed: Seed = 0,
    shows_why: Annotated[
        bool, typer.Option("--why", help="Show the shortest way to each premise instead, not whether it holds.")
    ] = False,
    graph: Annotated[
        Path | None, typer.Option("--graph", metavar="FILE", help="Draw the states instead, as .svg, .png or .dot.")
    ] = None,
    without: Drop = None,
    flaw: Flaw = None,
    directory: Out = None,
) -> None:
    """Visit every state of a finite scope.

    \b
    Example: pentad explore D2 --scope small --flaw KF-11
    Example: pentad explore --scope medium --disk states --memory 1G
    """
    less = weakened(without, flaw)
    properties, where = chosen(ids), scope(at or "small")
    if resume:
        if ids or at or without or flaw or symmetry or disk:
            raise ModelError("a search is resumed as it began: --resume goes with --memory, --threads and --out alone")
        properties, where, less, symmetry = begun(resume)
    bounds = {"threads": threads, "memory_bytes": memory, "symmetric": symmetry}
    if ids and not shows_why:
        sound.check(properties, symmetric=symmetry, disk=disk, scheduler=scheduler, swarm=bool(swarm))
    if scheduler and (disk or resume):
        raise ModelError(
            "with --scheduler the states are with the workers of the cluster; leave out --disk and --resume"
        )
    if graph:
        if symmetry or disk or resume or scheduler or swarm or shows_why:
            raise ModelError("--graph draws all states as they are: it goes with --scope, --without and --flaw alone")
        drawing(graph, where, less)
        return
    if swarm:
        bounds = {"seconds": swarm, "memory_bytes": memory, "symmetric": symmetry, "seed": seed}
        raise typer.Exit(swarming(where, properties, directory or OUT, without=less, **bounds))
    if shows_why:
        raise typer.Exit(explaining(where, properties, directory or OUT, without=less, **bounds))
    job = session(directory, str(where), weakened=bool(less))
    folder = {"disk": resume or disk, "resume": bool(resume)}
    more = {"scheduler": scheduler, "thorough": bool(ids)}
    spill = None if disk or resume or scheduler else job.directory / f"states-{where.name}"
    job.parts.append(exploring(where, properties, less, flaw, spill, **bounds, **folder, **more))
    job.finish()


def drawing(path: Path, at: Scope, without: Without) -> None:
    """Draws the states that are reached, and says how many those are."""
    from properties.picture import picture

    with progress(f"draw {at.name}"):
        found = picture(path, MULTI_DEVICE, at, without)
    out.print(Text(f"{path}: {len(found.changes):,} states, {len(found.moves):,} moves that change something"))


def explaining(at: Scope, properties: list[Property], directory: Path, **options: Any) -> int:
    """Prints a shortest way to every premise, and keeps it in the folder `why`: 0 if all are met, else 1."""
    from properties.why import why

    claims = [p for p in properties if p.explored]
    folder = directory / "why"
    folder.mkdir(parents=True, exist_ok=True)
    with progress(f"explore {at.name}") as tell:
        ways = why(MULTI_DEVICE, at, claims, progress=lambda now: tell(f"{now.states:,} states"), **options)
    for property, way in zip(claims, ways, strict=True):
        out.print(Text(f"{property.id} {property.statement}"))
        if not way.premised:
            out.print(Text("  says something of every state"))
        elif way.trace is None:
            out.print(Text(f"  its premise is never met at scope {at.name}"))
        else:
            path = folder / f"{property.id}-{at.name}.json"
            way.trace.save(path)
            out.print(Text(f"{chart(way.trace)}  kept in {path}"))
    return int(any(way.premised and way.trace is None for way in ways))


def swarming(at: Scope, properties: list[Property], directory: Path, **bounds: Any) -> int:
    """Says what a search at random has seen: 1 with a counterexample, kept in the folder `swarm`, else 0."""
    from properties.swarm import swarm

    claims = [p for p in properties if p.stated]
    with progress(f"swarm {at.name}") as tell:
        found = swarm(MULTI_DEVICE, at, claims, progress=lambda now: tell(f"{now.states:,} states"), **bounds)
    one, other = found.halves
    out.print(f"{found.states:,} states in {found.dives:,} dives, {found.transitions:,} accepted moves")
    out.print(f"two halves saw {one:,} and {other:,}, both {found.both:,}: there are at least {found.at_least:,}")
    out.print(f"so at most {found.coverage:.1%} was seen; about {found.mistaken:,.1f} at most were taken for others")
    for counterexample in found.counterexamples:
        property = next(p for p in claims if p is counterexample.violation.claim)
        folder = directory / "swarm"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{property.id}-{at.name}.json"
        counterexample.trace.save(path)
        out.print(Text(f"{property.id} is broken, by a way that need not be the shortest: {path}"))
    if not found.counterexamples:
        out.print("nothing is broken as far as that goes, which shows nothing of the rest")
    return int(bool(found.counterexamples))


def begun(folder: Path) -> tuple[list[Property], Scope, Without, bool]:
    """What the search in a folder is about."""
    from properties.disk import question_in

    asked = question_in(folder)
    properties = [p for p in CATALOGUE.values() if p.name in asked["claims"]]
    return properties, Scope.from_json(asked["scope"]), frozenset(map(tuple, asked["without"])), asked["symmetry"]


@app.command("compare")
def compare_command(ids: Ids = None, directory: Out = None) -> None:
    """Put this protocol beside the one before it, where the phone did everything: which properties did that break?

    \b
    Example: pentad compare F10 F13 L7
    """
    from model.systems import TETHERED
    from properties.comparison import compare

    folder = (directory or OUT) / "compare"
    folder.mkdir(parents=True, exist_ok=True)
    with progress("compare") as tell:
        rows = compare(MULTI_DEVICE, TETHERED, chosen(ids), progress=counting(tell, "obligations"))
    table = Table("", "property", MULTI_DEVICE.name, TETHERED.name, "how it fails there", box=None, pad_edge=False)
    for row in rows:
        more = f", and {len(row.depends) - 1} moves more" if len(row.depends) > 1 else ""
        how = f"{row.depends[0]}{more}" if row.depends else ""
        if row.trace is not None:
            row.trace.save(folder / f"{row.property.id}.json")
            how = f"{len(row.trace.steps)} steps: {folder / f'{row.property.id}.json'}"
        verdicts = (SYMBOLS[row.verdict], SYMBOLS[row.of_other])
        table.add_row(row.property.id, row.property.statement, *verdicts, how)
    out.print(table)
    raise typer.Exit(0 if all(row.verdict == "holds" for row in rows) else 1)


@app.command("walk")
def walk_command(
    at: Annotated[str, typer.Option("--scope", metavar="NAME|SIZES", help="`pentad list scopes`.")] = "tiny",
    without: Drop = None,
    flaw: Flaw = None,
) -> None:
    """Walk through the model by hand: see what is possible, what is refused and why, and keep the trace.

    \b
    Example: pentad walk --scope contact --without devicelist.show.not_older
    """
    from model.simulate import Simulation
    from properties.walk import Dialogue, Walk

    less = weakened(without, flaw)
    dialogue = Dialogue(Walk(Simulation(MULTI_DEVICE, scope(at), less), CATALOGUE.values()))
    out.print(Text("\n".join(dialogue.shown())))
    while not dialogue.over:
        try:
            line = out.input("> ") if sys.stdin.isatty() else input()
        except (EOFError, KeyboardInterrupt):
            break
        try:
            lines = dialogue.said(line) if line.strip() else dialogue.shown()
        except ModelError as error:
            lines = [str(error)]
        except OSError as error:
            lines = [f"{error.filename}: {error.strerror}"]
        out.print(Text("\n".join(lines)))


@app.command("conform")
def conform_command(
    flaw: Flaw = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="How many attempts to make.")] = FULL.steps,
    seed: Seed = 0,
    directory: Out = None,
) -> None:
    """Drive model and implementation side by side, under attack.

    \b
    Example: pentad conform --flaw KF-11 --steps 5000
    """
    seeded = flaw_of(flaw).id if flaw else None
    job = session(directory, f"{steps:,} steps", seed, weakened=bool(flaw))
    job.parts.append(conforming(steps, seed, seeded))
    job.finish(tables=True)


@app.command("fuzz")
def fuzz_command(
    targets: Annotated[list[str] | None, typer.Argument(metavar="TARGET", help="`pentad list targets`.")] = None,
    seconds: Seconds = "60s",  # type: ignore[assignment]
    seed: Seed = 0,
    directory: Out = None,
) -> None:
    """Fuzz the decoders that attacker bytes reach.

    \b
    Example: pentad fuzz qr history-blob --time 2m
    """
    job = session(directory, f"{', '.join(targets or ['all decoders'])}, {seconds} s", seed)
    job.parts.append(fuzzing(targets or [], seconds, seed, job.directory))
    job.finish()


@app.command("replay")
def replay_command(
    path: Annotated[Path, typer.Argument(metavar="TRACE")],
    on: Annotated[str, typer.Option("--on", metavar="model|impl", help="Who makes the steps.")] = "model",
    flaw: Flaw = None,
    without: Drop = None,
    only: Annotated[str | None, typer.Option("--only", metavar="CLIENT", help="Of a transcript, this client.")] = None,
    at: Annotated[str | None, typer.Option("--scope", metavar="NAME", help="Of a trace in ITF that has none.")] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Write it again; in ITF if it ends in .itf.json.")
    ] = None,
) -> None:
    """Replay a trace, step by step, on the model or on the implementation; a transcript of `serve` is drawn.

    A trace is Pentad's own (docs/trace.md), or one of states in the Informal Trace Format of Apalache and Quint.

    \b
    Example: pentad replay pentad-out/traces/explore-D2-small.json --on impl --flaw KF-11
    """
    from impl.serve import transcript
    from impl.serve.chart import draw
    from model import itf
    from properties.replaying import replayed

    if path.is_file() and transcript.is_transcript(path):
        for line in draw(transcript.load(path), only):
            out.print(Text(line))
        raise typer.Exit
    trace = itf.read(path, scope(at) if at else None)
    agrees, lines = replayed(trace, on, parse(MULTI_DEVICE, without or []), flaw)
    for line in [chart(trace), *lines]:
        out.print(Text(line))
    if save is not None:
        save.write_text(itf.dumps(trace) if save.name.endswith(itf.SUFFIX) else trace.dumps(), encoding="utf-8")
        out.print(Text(f"saved: {save}"))
    raise typer.Exit(0 if agrees else 1)


@app.command("demo")
def demo_command(
    messages: Annotated[int, typer.Option("--messages", min=1, help="How many are said in all.")] = 200,
    drop: Annotated[
        float | None, typer.Option("--drop", metavar="SHARE", help="Frames that the network loses; 0.1 if not given.")
    ] = None,
    duplicate: Annotated[
        float | None, typer.Option("--duplicate", metavar="SHARE", help="Frames that come twice; 0.05 if not given.")
    ] = None,
    reorder: Annotated[bool, typer.Option("--reorder", help="Some frames overtake others.")] = False,
    kill: Annotated[
        int | None, typer.Option("--kill", parser=quantity(UNITS), metavar="5s", help="Kill a process that often.")
    ] = None,
    cut: Annotated[
        int | None, typer.Option("--cut", parser=quantity(UNITS), metavar="2s", help="Cut a connection that often.")
    ] = None,
    wire: Annotated[
        bool, typer.Option("--wire", help="Speak stanzas over WebSocket and Noise, where frames have no faults.")
    ] = False,
    transcript: Annotated[
        Path | None, typer.Option("--transcript", metavar="FILE", help="Every stanza of --wire, a line of JSON each.")
    ] = None,
    seed: Seed = 0,
    store: Annotated[Path | None, typer.Option("--store", metavar="DIR", help="Where the stores stay.")] = None,
) -> None:
    """Show a phone, four companions, a contact and a server as processes, on a network that loses what it can.

    \b
    Example: pentad demo --messages 1000 --reorder --kill 5s
    Example: pentad demo --wire --cut 2s --kill 5s --transcript demo.jsonl
    """
    from impl.demo.faults import Faults
    from impl.demo.run import demonstrate
    from impl.demo.stage import Plan

    usual = Faults() if wire else Faults(drop=0.1, duplicate=0.05)
    faults = Faults(usual.drop if drop is None else drop, usual.duplicate if duplicate is None else duplicate, reorder)
    plan = Plan(messages, faults, kill, seed, cut, wire, transcript)
    out.print(f"pentad {version('pentad')}, {messages:,} messages, seed {seed}")
    raise typer.Exit(0 if demonstrate(plan, store, out).holds else 1)


Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Of 127.0.0.1; 0 is any that is free.")]


@app.command("serve")
def serve_command(
    port: Port = 7355,
    auto: Annotated[bool, typer.Option("--auto", help="The phone links every client that posts its QR.")] = False,
    transcript: Annotated[
        Path | None, typer.Option("--transcript", metavar="FILE", help="Every stanza, a line of JSON each.")
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="And what our devices read, in the clear, with --transcript.")
    ] = False,
    tcp: Annotated[
        int | None, typer.Option("--tcp", metavar="PORT", min=0, max=65535, help="For clients without WebSocket.")
    ] = None,
) -> None:
    """Be the server for a client of yours: with a phone that links it, companions and contacts behind it.

    \b
    Example: pentad serve --transcript today.jsonl
    """
    from impl.serve.run import Plan, serve

    if record and transcript is None:
        raise typer.BadParameter("--record writes into the transcript; name one with --transcript FILE")
    out.print(f"pentad {version('pentad')}")
    serve(Plan(port, auto, transcript, record, tcp), out)


@app.command("scan")
def scan_command(
    seen: Annotated[str, typer.Argument(metavar="TEXT|PICTURE|CODE", help="What your client shows.")],
    port: Port = 7355,
) -> None:
    """Show the phone of a running `pentad serve` what your client shows.

    \b
    Example: pentad scan screenshot.png
    """
    from impl.serve.scanning import words_for

    say(port, words_for(seen))


@app.command("tell")
def tell_command(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="`pentad tell help` lists them.")],
    port: Port = 7355,
) -> None:
    """Ask something of a running `pentad serve`.

    \b
    Example: pentad tell send bob alice "Are you there?"
    """
    say(port, shlex.join(words))


def say(port: int, words: str) -> None:
    import asyncio

    from impl.serve.control import tell

    for line in asyncio.run(tell(port, words)):
        out.print(Text(line))


@app.command("report")
def report_command(directory: Annotated[Path, typer.Argument(metavar="DIR")] = OUT) -> None:
    """Make the report again from the evidence in a folder.

    \b
    Example: pentad report pentad-out
    """
    found = load(directory)
    out.print(summary(found))
    out.print(legend())
    out.print(Text(f"report: {write(found, directory if directory.is_dir() else directory.parent)}"))
    raise typer.Exit(found.exit_code())


@app.command("list")
def list_command(
    kind: Annotated[str, typer.Argument(metavar="properties|actions|scopes|targets|flaws")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List what there is.

    \b
    Example: pentad list actions --json
    """
    rows = listing(kind)
    if as_json:
        out.print(Text(json.dumps(rows, indent=1, ensure_ascii=False)))
        return
    table = Table(*rows[0], box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(plain(value)) for value in row.values()))
    out.print(table)


def plain(value: object) -> str:
    """A cell of a list: collections with commas between, numbers of things before them."""
    if isinstance(value, dict):
        return ", ".join(f"{number} {key}" if isinstance(number, int) else key for key, number in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@app.command("explain")
def explain_command(id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Say what a property claims, where it comes from, and which conditions its proof needs.

    \b
    Example: pentad explain L4
    """
    from properties.explain import explain

    for line in explain(MULTI_DEVICE, property_of(id)):
        out.print(Text(line))


@app.callback(invoke_without_command=True)
def options(
    shows_version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if shows_version:
        out.print(version("pentad"))
        raise typer.Exit


if __name__ == "__main__":
    main()
