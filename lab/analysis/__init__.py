"""What changed: embeddings before and after, measured in their own space and laid out in 2-D.

embeddings ──> crossing ──> retrieval, geometry ──> metrics ──bootstrap──> compare ──> verdict
    │              both directions' ranks in one walk over blocks, nothing of size N x N
    ├──> recall ──> forgetting, strength         what a control set lost; over λ
    ├──> nearest ──> neighbours, suggestions     before against after, in the embeddings' own space
    ├──> principal_axes, fuzzy_graph ──> projection ──> faithfulness, movement     the maps
    └──> similarity, clusters                    matrices, and what lies together
"""
