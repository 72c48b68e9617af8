"""How the page is served: at its door, to whom, and at what price an answer goes out."""
