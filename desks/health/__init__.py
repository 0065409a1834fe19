"""What runs and what does not: periodic jobs, what could not be sent or issued, the chain over the audit trail."""
