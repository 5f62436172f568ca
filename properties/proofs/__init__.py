"""What holds for any number of anything: proofs, what they lean on, and that they are of something."""
