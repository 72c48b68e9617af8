"""Work spread over a Ray cluster. Knows nothing about sweeps: it hands out tasks of any kind."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lab.checks import check
from lab.errors import DistributedError

if TYPE_CHECKING:
    import ray

Task, Shared, Result = TypeVar("Task"), TypeVar("Shared"), TypeVar("Result")
Work = Callable[[Task], Result]

LOCAL = "local"
RETRIES = 3  # of a task whose worker died
WAKE = 0.5  # seconds between looks at whether to stop
LONGEST_KNOCK = 5.0  # seconds
STORE_BYTES = 80_000_000  # a container may have little shared memory; what is more goes to disk
HERE = Path(__file__).parents[1]  # the package `lab`


@dataclass(frozen=True)
class Resources:
    """What one task occupies. gpus: may be a part of one; None: one if the cluster has any."""

    cpus: float = 1
    gpus: float | None = None

    def __post_init__(self) -> None:
        check(self.cpus > 0, "ray_cpus", self.cpus, "choose more than 0")
        check(self.gpus is None or self.gpus >= 0, "ray_gpus", self.gpus, "choose 0 or more")


@contextmanager
def connected(address: str, resources: Resources | None = None) -> Iterator[Cluster]:
    """Within it, the cluster at an address, or one that is started here for "local".

    What was started here is gone afterwards, every process of it; it has no dashboard and sends
    nothing to anybody. Workers elsewhere get this very code of the lab; the packages it needs must
    be there. Raises DistributedError when Ray is missing, or answers at no such address.
    """
    if find_spec("ray") is None:
        raise DistributedError(
            "spreading a sweep needs a package that is not installed; run pip install ray"
        )
    with _environment(RAY_USAGE_STATS_ENABLED="0", RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0"):
        import ray

        _connect(address)
    try:
        yield Cluster(resources or Resources())
    finally:
        ray.shutdown()


def _connect(address: str) -> None:
    import ray

    settings: dict[str, Any] = {"runtime_env": {"py_modules": [str(HERE)]}}
    if address == LOCAL:
        settings = {"include_dashboard": False, "object_store_memory": STORE_BYTES}
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", **settings)
    except (OSError, RuntimeError, ValueError, AssertionError) as error:
        raise DistributedError(
            f"no Ray cluster that can be used is at {address!r} ({error}); begin one with ray "
            "start --head, or say local"
        ) from None


def _knock(address: str) -> None:
    """Raise OSError where nobody listens; Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if port.isdecimal():
        socket.create_connection((host, int(port)), timeout=LONGEST_KNOCK).close()


class Cluster:
    """The cluster that this process is connected to."""

    def __init__(self, resources: Resources) -> None:
        import ray

        there = ray.cluster_resources()
        self.cpus, self.gpus = there.get("CPU", 0.0), there.get("GPU", 0.0)
        gpus = float(self.gpus > 0) if resources.gpus is None else resources.gpus
        self._options = {"num_cpus": resources.cpus, "num_gpus": gpus, "max_retries": RETRIES}
        if resources.cpus > self.cpus or gpus > self.gpus:
            raise DistributedError(
                f"the cluster has {self.cpus:g} CPUs and {self.gpus:g} GPUs, fewer than one point "
                "takes; lower what a point takes, or add a machine"
            )

    def run(
        self,
        make: Callable[[Shared], Work],
        shared: Shared,
        tasks: Mapping[str, Task],
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Iterator[Result]:
        """The results of all tasks, each as it is there; a task whose worker dies begins anew.

        make: called once in each worker process; what it answers is called with tasks. It, and
        all that it is called with, is pickled.
        When `should_stop` says so, tasks under way are broken off.
        Raises what a task raises, and DistributedError when its workers die again and again.
        """
        import ray

        remote = ray.remote(**self._options)(_run_task)
        held = [ray.put((make, shared))]  # in a list, since Ray opens what is handed over bare
        waiting = {remote.remote(held, task): name for name, task in tasks.items()}
        try:
            while waiting and not should_stop():
                ended, _ = ray.wait(list(waiting), timeout=WAKE)
                for reference in ended:
                    yield _fetch(reference, waiting.pop(reference))
        finally:
            for reference in waiting:
                ray.cancel(reference, force=True)


def _fetch(reference: ray.ObjectRef, name: str) -> Any:
    import ray

    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        raise DistributedError(
            f"{name!r} was lost with its worker {RETRIES + 1} times ({type(error).__name__}); a "
            "machine may have too little memory: give each point more CPUs, so that fewer run at "
            "a time"
        ) from None


def _run_task(held: list[ray.ObjectRef], task: Task) -> Any:
    """In a worker process."""
    return _made(held[0])(task)


@lru_cache(maxsize=1)
def _made(reference: ray.ObjectRef) -> Work:
    """A worker process serves many tasks, and what they share is read once."""
    import ray

    make, shared = ray.get(reference)
    return make(shared)


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Within it, variables that only a process about to start reads."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
