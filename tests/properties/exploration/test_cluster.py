"""States on a Dask cluster of real processes: the counts of one process, also when a worker is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from model.adversary import against
from model.language import Claim, ModelError
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration.cluster import connected
from properties.exploration.explore import Progress, explore
from tests.properties.counting import counted_up_to_the_way

distributed = pytest.importorskip("distributed", reason="not checked: a cluster, for want of Dask (make cluster)")

CLAIMS = [CATALOGUE[id] for id in ("L4", "D2", "F5")]
COMPANIONS = "users=1,devices=3,lists=1,messages=0"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, worker_dashboard_address=None
    ) as started:
        yield started


def test_a_counterexample_up_to_interchangeable_companions(cluster: Any) -> None:
    options: dict[str, Any] = {"symmetric": True, "without": [("linking.confirm", "account_signature")]}
    there = explore(MULTI_DEVICE, scope(COMPANIONS), CLAIMS, scheduler=cluster.scheduler_address, **options)
    assert there.counterexamples
    assert counted_up_to_the_way(there) == counted_up_to_the_way(
        explore(MULTI_DEVICE, scope(COMPANIONS), CLAIMS, **options)
    )


def test_workers_know_whom_the_protocol_is_against(cluster: Any) -> None:
    there = explore(against("C"), scope("tiny"), CLAIMS, scheduler=cluster.scheduler_address)
    assert counted_up_to_the_way(there) == counted_up_to_the_way(explore(against("C"), scope("tiny"), CLAIMS))


def test_a_worker_that_is_lost_costs_time_only(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("properties.exploration.search.PAUSE", 0)
    processes = [worker.process.pid for worker in cluster.workers.values()]
    killed: list[int] = []

    def kill(now: Progress) -> None:
        if now.depth == 7 and not killed:
            os.kill(processes[0], signal.SIGKILL)
            killed.append(processes[0])

    there = explore(MULTI_DEVICE, scope("tiny"), CLAIMS, scheduler=cluster.scheduler_address, progress=kill)
    assert killed and there.complete
    assert counted_up_to_the_way(there) == counted_up_to_the_way(explore(MULTI_DEVICE, scope("tiny"), CLAIMS))


def test_workers_know_the_catalogue_alone(cluster: Any) -> None:
    def mine() -> bool:
        return True

    with pytest.raises(ModelError, match=r"mine is no property of the catalogue; workers of a cluster know no other"):
        explore(MULTI_DEVICE, scope("tiny"), [Claim("state", mine)], scheduler=cluster.scheduler_address)


def test_where_no_scheduler_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("properties.exploration.cluster.PATIENCE", 0.2)
    with pytest.raises(ModelError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        connected("tcp://127.0.0.1:1")
