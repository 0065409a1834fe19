"""One text for one content: what hashes and comparisons rest on."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def canonical(content: Any) -> str:
    """Return the content as JSON with sorted keys and no spaces; dates as ISO text."""
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_hash(content: Any) -> str:
    """Return the lower-case hex SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
