"""What a campaign adds to the evidence of a command (docs/evidence.md)."""

from __future__ import annotations

from dataclasses import dataclass

from fuzz.campaign import Campaign
from fuzz.targets import Target
from fuzz.triage import REGRESSIONS, Found
from reports.evidence import Finding, NotChecked, PropertyInfo, Result, Run, Table

PROPERTIES = [
    PropertyInfo(
        "W1",
        "Any bytes give a value or a DecodeError, in bounded time and memory.",
        "CVE-2019-3568 and its kin; crash reports of clients",
        "N C",
        "always",
        "Wire",
    ),
    PropertyInfo(
        "W2",
        "What is signed or authenticated has one encoding.",
        "Protocol Buffers promise no canonical encoding",
        "N",
        "always",
        "Wire",
    ),
    PropertyInfo("W3", "Decoding undoes encoding.", "requirement on every codec", "", "always", "Wire"),
    PropertyInfo("W4", "Inflating is bounded in size and ratio.", "decompression bombs", "N C", "always", "Wire"),
]

KEPT = f"{REGRESSIONS.parent.name}/{REGRESSIONS.name}"


@dataclass(frozen=True)
class Part:
    """The lists of an evidence file that a campaign adds to."""

    properties: list[PropertyInfo]
    results: list[Result]
    runs: list[Run]
    findings: list[Finding]
    not_checked: list[NotChecked]


def evidence(campaign: Campaign) -> Part:
    """W1 to W4 as far as this campaign speaks of them; a target that did not use up its time proves nothing."""
    return Part(
        PROPERTIES,
        [_result(campaign, info.id) for info in PROPERTIES],
        [_run(campaign)],
        [_finding(found, campaign.fault) for found in campaign.findings],
        [
            NotChecked(f"The decoder {name}", "the campaign was interrupted before", "fuzz")
            for name in _unfinished(campaign)
        ],
    )


def _result(campaign: Campaign, property: str) -> Result:
    concerned = [target for target in campaign.targets if property in target.properties]
    names = {target.name for target in concerned}
    runs = [run for run in campaign.runs if run.target in names]
    broken = next((found for found in campaign.findings if found.property == property), None)
    stopped = sorted(names & {*_unfinished(campaign), *(found.target for found in campaign.findings)})
    return Result(
        property,
        "fuzz",
        "violated" if broken else "not_checked" if not concerned else "unknown" if stopped else "holds",
        f"{_decoders(concerned)}, {campaign.seconds:.0f} s",
        {"targets": len(concerned), "inputs": sum(run.inputs for run in runs), "edges": sum(run.edges for run in runs)},
        sum(run.seconds for run in runs),
        _detail(broken, concerned, stopped),
        ["Inputs are as long as the fuzzer's limit at most, a few KiB."] if concerned else [],
        broken.id if broken else None,
    )


def _detail(broken: Found | None, concerned: list[Target], stopped: list[str]) -> str:
    if broken:
        return f"{broken.target}: {broken.what}."
    if not concerned:
        return "None of the targets that were asked for can break it."
    if stopped:
        return f"Fuzzing ended early on {', '.join(stopped)}."
    return "No input that was tried breaks it."


def _run(campaign: Campaign) -> Run:
    found = {each.target: each.id for each in campaign.findings}
    properties = {target.name: " ".join(target.properties) for target in campaign.targets}
    return Run(
        "fuzz",
        campaign.seed,
        f"{_decoders(campaign.targets)}, {campaign.seconds:.0f} s",
        campaign.seconds,
        {
            "targets": len(campaign.runs),
            "inputs": sum(run.inputs for run in campaign.runs),
            "edges": sum(run.edges for run in campaign.runs),
            "findings": len(campaign.findings),
        },
        [
            Table(
                "Fuzz targets",
                ["target", "properties", "seeds", "inputs", "inputs/s", "edges", "features", "corpus", "finding"],
                [
                    [
                        run.target,
                        properties[run.target],
                        run.seeds,
                        run.inputs,
                        run.per_second,
                        run.edges,
                        run.features,
                        run.corpus,
                        found.get(run.target),
                    ]
                    for run in campaign.runs
                ],
            )
        ],
    )


def _finding(found: Found, fault: str | None) -> Finding:
    return Finding(
        found.id,
        "fuzz",
        found.property,
        f"{found.target}: {found.what}",
        input=found.input.hex(),
        explanation=[
            f"The decoder {found.target} was given {len(found.input)} bytes: {found.what}.",
            f"They are kept in {found.path}; the tests replay what is in {KEPT}.",
        ],
        flaw=fault,
    )


def _unfinished(campaign: Campaign) -> list[str]:
    ended = {run.target for run in campaign.runs}
    return [target.name for target in campaign.targets if target.name not in ended]


def _decoders(targets: tuple[Target, ...] | list[Target]) -> str:
    return f"{len(targets)} decoder{'' if len(targets) == 1 else 's'}"
