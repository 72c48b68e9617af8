"""A setting's check: the error names the setting, the value it got and what it may be."""

from __future__ import annotations

import re

from lab.errors import ConfigError


def check(holds: bool, name: str, value: object, way_out: str) -> None:
    """Raise ConfigError unless the condition holds."""
    if not holds:
        raise ConfigError(f"{name} = {value!r}: {way_out}")


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raise ConfigError unless the value is one of the choices."""
    check(value in choices, name, value, "choose one of " + ", ".join(choices))


def check_regex(name: str, pattern: str) -> None:
    """Raise ConfigError unless the text is a regular expression."""
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        raise ConfigError(
            f"{name} = {pattern!r}: not a regular expression ({error}); "
            "mend it, or give a list of names"
        ) from None
