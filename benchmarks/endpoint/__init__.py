"""What `benchmarks/serving.py` compares: one model behind several servers, and who asks them."""
