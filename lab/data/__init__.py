"""Pairs: read from an upload or the bundled ones, split, and batched. Knows nothing of models.

file, folder or ZIP ──readers──> PairDataset ──splits──> train, test ──batches──> indices
"""

from lab.data.bundled import BUNDLED_PAIRS, load_pairs
from lab.data.dataset import PairDataset, RejectedRow
from lab.data.limits import Limits
from lab.data.pair import Item, Kind, Pair, Picture, Side, item_key
from lab.data.preflight import Finding, find_findings
from lab.data.readers import read_pairs
from lab.data.splits import split

__all__ = [
    "BUNDLED_PAIRS",
    "Finding",
    "Item",
    "Kind",
    "Limits",
    "Pair",
    "PairDataset",
    "Picture",
    "RejectedRow",
    "Side",
    "find_findings",
    "item_key",
    "load_pairs",
    "read_pairs",
    "split",
]
