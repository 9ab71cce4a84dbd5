"""One module per foreign format; each yields the Atlas's own frames."""
