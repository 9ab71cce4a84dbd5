"""Composition: the layer that joins data and geo and draws them."""
