"""The one error of the fuzzer itself; what it finds in a decoder is a Finding."""


class FuzzError(Exception):
    """A campaign cannot be run as asked; the text is one line."""
