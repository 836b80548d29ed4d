"""Python reads this file at its start when its folder is in PYTHONPATH: client programs then find `*.localhost` as browsers do."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("names", Path(__file__).parent.parent / "names.py")
_spec.loader.exec_module(importlib.util.module_from_spec(_spec))
