"""The command line's parser, and what an error becomes.

Exit 0: done. Exit 1: a run that ended in an error, one line. Exit 2: bad arguments, one line
that names the argument, its value and the way out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from lab.cli import compare, export, finetune, layers, models
from lab.cli.arguments import BadArgumentError
from lab.errors import LabError

COMMANDS = (models, layers, finetune, compare, export)


class _Parser(argparse.ArgumentParser):
    """argparse, with its errors on one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    parser = _Parser(prog="python -m lab", description="LoRA for embedding models, measured.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; -> the exit code."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except BadArgumentError as error:
        return _complain(error, 2)
    except LabError as error:
        return _complain(error, 1)
    except KeyboardInterrupt:
        return _complain("interrupted", 130)
    except BrokenPipeError:  # the reader of our output has gone (`| head`)
        sys.stderr.close()
        return 0
    return 0


def _complain(error: object, code: int) -> int:
    line = " ".join(str(error).split())
    print(f"python -m lab: {line}", file=sys.stderr)
    return code
