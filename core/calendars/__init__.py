"""Working days: announced years, overrides, provisional years."""
