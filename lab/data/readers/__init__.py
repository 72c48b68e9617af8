"""Uploads -> pairs. One file per format; `source` finds the table and the pictures."""

from lab.data.readers.read import read_pairs

__all__ = ["read_pairs"]
