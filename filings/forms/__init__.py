"""Forms of chapter 2: thin. What must hold stands in conditions.py; a form only reads what was typed."""
