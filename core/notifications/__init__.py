"""Inbox, e-mail, SMS hook: an outbox of rows."""
