"""A household and a contact as processes of their own, over a loopback network that loses and kills."""
