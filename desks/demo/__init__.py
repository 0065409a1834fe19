"""The demo: invented offices and agencies, people named by role, and applications made by the real workflow."""
