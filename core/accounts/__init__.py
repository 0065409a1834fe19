"""Organisations, users, positions, sign-in."""
