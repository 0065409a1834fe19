"""The transition helper, proposals, refusals, idempotency."""
