"""The public pages: no sign-in, no cookie needed; each shows what is published on the request's day."""
