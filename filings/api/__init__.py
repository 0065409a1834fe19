"""The API of chapter 2: everything the pages can do. Thin: checks the form, calls filings.workflow, answers."""
