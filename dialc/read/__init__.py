"""Readers: the files of a PBX, as anybody may have written them, and what they do to a call. Only texts come in."""

TARGETS = frozenset({"asterisk"})
"""The targets whose files are read back as a plan is compiled."""
