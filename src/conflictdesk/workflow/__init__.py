"""What the desk does with its store: take in, code and merge, record what people decide, show what stands."""
