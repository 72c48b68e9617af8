"""The page: a door to the same experiment as the command line. The only room that knows gradio."""
