"""`python -m lab`."""

import sys
from io import TextIOWrapper

from lab.cli.main import main

if isinstance(sys.stdout, TextIOWrapper):
    # Names and columns may hold any script; a narrow console shows the rest as codes.
    sys.stdout.reconfigure(errors="backslashreplace")
sys.exit(main())
