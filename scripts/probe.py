"""Asks this container's web process an address for machines (`python scripts/probe.py readyz`); exit status 0 for 200.
Speaks as the proxy would: the portal answers to its own name alone."""

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path


def host() -> str:
    """Return the first of the portal's host names."""
    named = os.environ.get("PORTAL_HOSTS_FILE")
    hosts = Path(named).read_text() if named else os.environ.get("PORTAL_HOSTS", "localhost")
    return hosts.split(",")[0].strip()


def main(arguments: list[str]) -> int:
    """Ask and say what was answered."""
    (path,) = arguments
    address = f"http://127.0.0.1:{os.environ.get('PORTAL_PORT', '8000')}/{path}"
    request = urllib.request.Request(address, headers={"Host": host(), "X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            print(answer.read().decode().strip())
            return 0
    except urllib.error.HTTPError as refused:
        print(refused.read().decode(errors="replace")[:300])
    except OSError as problem:
        print(problem)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
