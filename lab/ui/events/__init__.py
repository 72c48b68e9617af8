"""The page's events, one file a part: a class over the laboratory, and what wires it to a tab."""
