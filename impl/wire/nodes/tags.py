"""The bytes that begin a value of a binary node and are no single-byte token: tulir/whatsmeow, `binary/token/token.go`.

1 to 235 are tokens, 240 to 244 stand for nothing.
"""

LIST_EMPTY = 0
DICTIONARIES = range(236, 240)
INTEROP_JID = 245
FB_JID = 246
AD_JID = 247
LIST_8 = 248
LIST_16 = 249
JID_PAIR = 250
HEX_8 = 251
BINARY_8 = 252
BINARY_20 = 253
BINARY_32 = 254
NIBBLE_8 = 255
