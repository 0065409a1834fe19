"""Who did what to which record; checkpointed so that a change afterwards shows."""
