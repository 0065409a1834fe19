"""What every authority needs, one Django app each, in the order of docs/architecture.md."""
