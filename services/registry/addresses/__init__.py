"""Agreements by which organisations use an address."""
