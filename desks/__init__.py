"""Each role's home page and figures, composed from the layers below."""
