"""What can go wrong, as a visitor is told of it.

    LabError                  every message is one sentence that ends with the way out
    ├── ConfigError           a setting outside what it may be (also a ValueError)
    ├── TargetError           no layer, or the wrong layers, to put LoRA on
    ├── DataError             pairs that cannot be read, or too few of them
    ├── ModelError            a model that cannot be found, reached or loaded safely
    ├── AdapterError          adapter files that do not fit or are not whole
    ├── TrainingError         a run that cannot go on (a non-finite loss, say)
    ├── TrackingError         a run that cannot be logged to a tracker
    └── DistributedError      a run or sweep that cannot be spread over processes or machines

Knows nothing about any page, command line or library.
"""

from __future__ import annotations


class LabError(Exception):
    """Base of every error the lab raises on purpose; its text is meant for the visitor."""


class ConfigError(LabError, ValueError):
    """A setting is outside what it may be."""


class TargetError(LabError):
    """The chosen target modules match nothing, or cannot carry LoRA."""


class DataError(LabError):
    """The pairs cannot be read, or there are too few of them."""


class ModelError(LabError):
    """The model cannot be found, reached, or loaded safely."""


class AdapterError(LabError):
    """The adapter's files are not whole, or belong to another model."""


class TrainingError(LabError):
    """Training cannot go on."""


class TrackingError(LabError):
    """The run cannot be logged where it was asked to be."""


class DistributedError(LabError):
    """The run or sweep cannot be spread over processes or machines."""
