"""Every stanza in one place: what clients and server say to each other, from `impl.dialogue` to binary nodes and back.

Sans-IO, and without memory: identifiers, times and order are those of the sessions. wire.md has the sources.
"""
