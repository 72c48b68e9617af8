"""The options that describe a run, for every command that trains."""

from __future__ import annotations

import argparse


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add them; whatever is not given suits the model and the pairs (lab.defaults)."""
    add = parser.add_argument
    add("--model", required=True, help="a bundled name, a hub id or a folder")
    add("--pairs", help="a bundled name, a file, a folder or a ZIP (default: the model's own)")
    add("--a-column", help="column of the image or first text (default: found by name)")
    add("--b-column", help="column of the second text (default: found by name)")
    add("--pooling", help="how token features become one embedding")
    add("--targets", metavar="NAMES", help="q_proj,v_proj, or one regex for the whole path")
    add("--r", type=int, help="rank")
    add("--alpha", type=float, help="the update is scaled by alpha / r")
    add("--dropout", type=float, help="on the LoRA branch's input")
    add("--dropout-on", choices=["input", "factors"], help="what dropout zeroes entries of")
    add("--use-rslora", action="store_true", default=None, help="scale by alpha / sqrt(r)")
    add("--use-dora", action="store_true", default=None, help="learn each output's length apart")
    add("--init-lora-weights", choices=["pissa"], help="start at the weight's own directions")
    add("--bias", choices=["none", "all", "lora_only"], help="biases that train along")
    add("--epochs", type=int)
    add("--batch-size", type=int)
    add("--micro-batch-size", type=int, metavar="N", help="pairs in memory at once; slower")
    add("--group-by-length", action="store_true", default=None, help="batches that pad little")
    add("--lr", type=float, metavar="X", help="peak learning rate")
    add("--loraplus-ratio", type=float, metavar="X", help="B learns at X times the rate of A")
    add("--temperature", type=float)
    add("--learn-temperature", action="store_true", default=None)
    add("--validation-fraction", type=float, metavar="X", help="of the training pairs")
    add("--patience", type=int, metavar="N", help="epochs without a better validation loss")
    add("--max-seconds", type=float, metavar="X", help="training ends then and keeps what it has")
    add("--test-fraction", type=float, metavar="X", help="held out for the comparison")
    add("--seed", type=int)
    add("--init-seed", type=int, metavar="N", help="of the first weights alone; default: --seed")
    add("--device", help="auto, cpu, cuda, mps")
    add("--precision", choices=["auto", "fp32", "bf16"])
    add("--control", metavar="PAIRS", help="what must not be forgotten: bundled, a file, or none")
