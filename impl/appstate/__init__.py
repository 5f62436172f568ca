"""What a user sets on one device and all others show: contacts, mutes, stars. wire.md, section 11.

White paper, "Application state synchronization". From the bottom up: `keys`, `mutation`, `collection` (what patches
do), `kinds` (what they say); `syncing` and `effects` are what a device makes of it; `sharing`, `recovery` and `repair`
what devices of one account do for each other.
"""
