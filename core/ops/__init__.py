"""What an operator sees and does: is it alive, is it ready, figures for alerts, backups and how they come back."""
