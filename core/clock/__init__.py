"""The portal's only reading of the clock, with the day offset of demo and tests."""
