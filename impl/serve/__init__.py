"""`pentad serve`: a server on loopback for anybody's client, with a phone, companions and contacts behind it."""
