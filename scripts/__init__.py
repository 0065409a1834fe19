"""What installs, starts and checks the portal on a developer's machine."""
