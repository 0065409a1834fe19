"""What the public sees: look-up, verification, announcements."""
