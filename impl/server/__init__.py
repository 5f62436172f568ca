"""The server: accounts, a directory, mailboxes that receipts empty, blobs. It sees no plaintext.

Honest by default; whoever plays the adversary replaces any method of any part.
"""

from impl.server.server import Server

__all__ = ["Server"]
