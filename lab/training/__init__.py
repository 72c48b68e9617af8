"""Training an adapter: contrastive losses on features, and the loop as a generator of records."""
