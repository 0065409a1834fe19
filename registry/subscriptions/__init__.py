"""Announcements by e-mail: asked for, confirmed by whoever reads the mailbox, ended by one click."""
