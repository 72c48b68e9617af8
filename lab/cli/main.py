"""The command line's parser, and what an error becomes.

Exit 0: done. Exit 1: a run that ended in an error, one line. Exit 2: bad arguments, one line
that names the argument, its value and the way out.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from lab.cli import compare, export, finetune, layers, models, strength, sweep
from lab.cli.arguments import BadArgumentError
from lab.errors import LabError

COMMANDS = (models, layers, finetune, sweep, compare, strength, export)


class _Parser(argparse.ArgumentParser):
    """argparse, with its errors on one line."""

    def error(self, message: str) -> NoReturn:
        line = " ".join(message.split())
        self.exit(2, f"{self.prog}: {line} (see {self.prog} --help)\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    parser = _Parser(prog="python -m lab", description="LoRA for embedding models, measured.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; -> the exit code."""
    options = build_parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except BadArgumentError as error:
        return _complain(error, 2)
    except BrokenPipeError:  # the reader of our output has gone (`| head`)
        _discard_output()
        return 0
    except (LabError, OSError) as error:
        return _complain(error, 1)
    except KeyboardInterrupt:
        return _complain("interrupted", 130)
    return 0


def _discard_output() -> None:
    """What is still buffered goes nowhere, or Python would complain of the pipe as it exits."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _complain(error: object, code: int) -> int:
    line = " ".join(str(error).split())
    print(f"python -m lab: {line}", file=sys.stderr)
    return code
