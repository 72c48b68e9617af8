"""Where numba keeps what it has compiled, on a machine where only temporary files may be written.

A package that asks numba to keep its functions cannot even be imported where neither its own folder
nor the home directory can be written (numba.core.caching: "no locator available").
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def import_compiled(load: Callable[[], T]) -> T:
    """What `load` imports; with a place among the temporary files where numba finds none."""
    try:
        return load()
    except RuntimeError as error:
        if "no locator available" not in str(error):
            raise
    folder = tempfile.mkdtemp(prefix="lab-numba-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sys.modules["numba"].config.CACHE_DIR = folder
    return load()
