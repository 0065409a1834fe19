"""Open data: what is published, as files with a published schema, and what has changed since."""
