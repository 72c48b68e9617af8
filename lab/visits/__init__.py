"""Who is here, what waits and trains for them, and what is kept. Knows nothing about gradio."""
