"""Text of somebody else's, made so that neither a terminal nor a pipeline obeys what is in it."""

from __future__ import annotations


def printable(text: str) -> str:
    """Show control characters as codes."""
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)


def one_line(text: str) -> str:
    """Join lines with blanks: GitHub takes a line that begins with ``::`` for a command."""
    return printable(" ".join(text.split()))
