"""What changed: embeddings before and after, measured in their own space and laid out in 2-D.

embeddings ──> retrieval, geometry ──bootstrap──> compare        numbers with intervals
          └──> similarity, projection                            pictures
"""
