"""The Code as data: clauses, periods, letters, readings and schemes, read from the TOML files beside this one."""
