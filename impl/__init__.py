"""The reference implementation, to be read beside `docs/wire.md`; `docs/implementation.md` says where to look."""
