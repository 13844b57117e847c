"""What stands in front of the pages: the gate, the headers, and the console's own routes."""
