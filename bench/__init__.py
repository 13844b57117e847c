"""What is measured and what is proved, with public tools: `python -m bench` and `python -m bench.prove`."""
