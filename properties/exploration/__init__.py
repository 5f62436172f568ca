"""What holds in every state of a finite scope: searches, in memory, on disk, over a cluster, at random."""
