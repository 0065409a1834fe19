"""Areas, occupations, dated settings, counters."""
