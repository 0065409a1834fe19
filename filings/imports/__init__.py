"""Filings from the time of paper: the spreadsheet they come in, read, checked and given back with what is wrong."""
