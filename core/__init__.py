"""The complaints console without its screens: the Code as data, its rules, and the record of every complaint."""
