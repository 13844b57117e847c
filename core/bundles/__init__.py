"""What is put together about a case or a person for somebody outside, and made into files."""
