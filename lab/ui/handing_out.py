"""Files that a browser may fetch: under an address that nobody can guess.

gradio serves what lies in its cache, to whoever knows the address. A run's files are put there
under a digest of where they are, and a run's folder has a name that cannot be guessed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from gradio.utils import get_upload_folder


def hand_out(path: Path) -> str | None:
    """The path to give to gradio for a file of the lab's; None when the file is gone.

    It is not copied where it need not be.
    """
    if not path.is_file():
        return None
    stamp = path.stat().st_mtime_ns  # another file of the same name is another address
    digest = hashlib.sha256(f"{path.resolve()} {stamp}".encode()).hexdigest()
    target = Path(get_upload_folder()) / digest / path.name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except FileExistsError:
            pass  # by another page of the visitor's, just now
        except OSError:  # another disk
            shutil.copyfile(path, target)
    return str(target)
