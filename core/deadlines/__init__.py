"""Statutory clocks: rows, settle, sweep, reminders, what loading a year moves."""
