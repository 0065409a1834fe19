"""Uploads and their versions; numbered official documents: render, sign, store, verify."""
