"""Compares the committed OpenAPI file with what the code describes now (make test).

python -m scripts.openapi_drift
"""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.setup import ROOT

COMMITTED = ROOT / "docs" / "openapi.yaml"
SHOWN = 60  # lines of the difference


def main() -> int:
    """Print what differs; return an exit status."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        command = [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", str(fresh)]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            print("the API does not describe itself cleanly")
            return 1
        before = COMMITTED.read_text(encoding="utf-8").splitlines() if COMMITTED.exists() else []
        after = fresh.read_text(encoding="utf-8").splitlines()
    changed = list(difflib.unified_diff(before, after, "docs/openapi.yaml", "the code", lineterm="", n=1))
    if changed:
        print("\n".join(changed[:SHOWN]))
        print("docs/openapi.yaml is not what the code describes: run `make openapi` and commit it")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
