"""A process that does one act at a given moment: reads orders as lines of JSON, answers each with a line.

    python -m tests.faults.racer

An order: {"at": moment, "act": one of acts.ACTS, ...what the act takes}. What is no refusal ends the process, with
its trace in the log: a race must never end in a fault.
"""

import json
import sys

import django


def main() -> None:
    """Say "ready", then answer orders until the input ends."""
    django.setup()

    from django.db import connection

    from tests.faults.acts import answer

    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line)), ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
