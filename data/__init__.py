"""From files to validated frames. No user interface, no statistics."""
