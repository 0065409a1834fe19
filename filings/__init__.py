"""Chapter 2: applications, filings, receipts, quota."""
