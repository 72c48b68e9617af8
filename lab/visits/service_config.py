"""What the lab grants its visitors: how much, how often, how long. One place for all of it.

Sizes are in MB (2^20 bytes), times in seconds; None stands for no limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from lab.memory import find_all
from lab.visits.complaints import Complaint

MB = 1 << 20  # bytes
PREFIX = "LAB_"
FREE = "none"  # what lifts a limit


@dataclass(frozen=True)
class ServiceConfig:
    """The limits of one serving process. The defaults are for one's own machine.

    trainings: jobs that have the device at the same time.
    runs_under_way: of one visitor, waiting or training.
    waiting: jobs in the queue, of all visitors together.
    run_seconds: a run that has had the device for so long stops training and keeps what it has.
    grace_seconds: a visitor whose page has been silent for so long has left: their run stops and
        is kept, one that waits leaves the queue.
    visitors: remembered at the same time; of more, those who have nothing here and were away
        longest are forgotten first.
    file_mb: of one uploaded file.
    uploads, upload_mb: files of one visitor, and their size together.
    all_uploads_mb: of all visitors' files together.
    model_mb: of one model's files on the hub; a larger one is not downloaded.
    all_models_mb: of all models that the lab has downloaded; the longest unused go.
    runs_kept: finished runs of one visitor whose files stay on disk.
    all_runs_kept, all_runs_mb: finished runs of all visitors, and their size together; of more,
        the oldest go.
    memory_mb: of the process; above six tenths of it, what can be made anew is let go of, and the
        comparisons of those away longest.
    keep_seconds: finished runs of this age go, and so do the uploads and the memory of a visitor
        who was away for so long.
    """

    trainings: int = 1
    runs_under_way: int = 1
    waiting: int = 64
    run_seconds: float | None = None
    grace_seconds: float | None = None
    visitors: int = 1000
    file_mb: int = 500
    uploads: int = 100
    upload_mb: int = 20_000
    all_uploads_mb: int = 20_000
    model_mb: int | None = None
    all_models_mb: int | None = None
    runs_kept: int | None = None
    all_runs_kept: int | None = None
    all_runs_mb: int | None = None
    memory_mb: int | None = None
    keep_seconds: float | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None and field.default is None:
                continue
            whole = not field.name.endswith("_seconds")
            if not _is_above_0(value, whole):
                sentence = "limit_or_none" if field.default is None else "limit"
                raise Complaint(sentence, name=field.name, value=value)
        busy = self.trainings + self.waiting
        if self.visitors <= busy:  # nobody whose run is under way may have to be forgotten
            raise Complaint("limit_visitors", value=self.visitors, busy=busy)


def _is_above_0(value: object, whole: bool) -> bool:
    kinds = int if whole else int | float
    return isinstance(value, kinds) and not isinstance(value, bool) and value > 0


OWN_MACHINE = ServiceConfig()
MACHINE = find_all()  # bytes
# A public Space or a class room: 30 strangers, one device, a disk of some tens of GB.
FOR_STRANGERS = ServiceConfig(
    run_seconds=1800.0,
    grace_seconds=120.0,
    uploads=20,
    upload_mb=1000,
    all_uploads_mb=10_000,
    model_mb=3000,
    all_models_mb=20_000,
    runs_kept=10,
    all_runs_kept=1000,
    all_runs_mb=10_000,
    memory_mb=None if MACHINE is None else MACHINE * 9 // 10 // MB,
    keep_seconds=24 * 3600.0,
)


def read_service(environment: Mapping[str, str], defaults: ServiceConfig) -> ServiceConfig:
    """The defaults, with what the environment says instead: LAB_ and the field's name in capitals.

    Empty values say nothing; "none" lifts a limit that can be lifted.
    Raises Complaint for what is no limit.
    """
    asked = {
        field.name: _read(field.name, text)
        for field in fields(defaults)
        if (text := environment.get(PREFIX + field.name.upper(), "").strip().lower())
    }
    return ServiceConfig(**{**vars(defaults), **asked})


def _read(name: str, text: str) -> float | int | None:
    if text == FREE:
        return None
    try:
        return float(text) if name.endswith("_seconds") else int(text)
    except ValueError:
        raise Complaint("limit", name=name, value=text) from None
