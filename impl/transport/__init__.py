"""The connection to the server: frames, a Noise handshake, then a channel whose keys serve this connection only.

White paper, "Transport Security"; Noise Protocol Framework, revision 34; details as in `handshake.go` and `socket/`
of tulir/whatsmeow. Nothing here does input or output. Unlike elsewhere, what keeps a
key with its counter is no value: a copy would use a counter twice.
"""
