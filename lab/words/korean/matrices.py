"""What stands on and around the similarity matrices."""

from __future__ import annotations

MATRICES = {
    "matrices": {
        "before": "학습 전",
        "after": "학습 후",
        "difference": "차이",
        "order": "순서",
        "cluster": "비슷한 것끼리",
        "given": "주어진 순서",
        "view": "비교",
        "across": "{rows} · {columns} 사이",
        "joint": "모두와 모두",
        "across_hint": "칸 하나는 {row} 하나와 {column} 하나의 코사인 유사도입니다. 짝은 대각선에 "
        "있어서, 대각선에서는 올라가고 나머지에서는 내려가야 합니다.",
        "joint_hint": "두 축 모두 {row}, {column} 순서로 모든 항목이 옵니다. 대각선 위의 두 "
        "정사각형은 같은 쪽끼리, 나머지 둘은 서로 다른 쪽을 비교하며, 짝은 그 짧은 대각선에 "
        "있습니다.",
        "cluster_hint": "비슷한 쌍끼리 나란히 놓았으므로, 대각선을 따라 보이는 정사각형은 "
        "모델이 서로 비슷하다고 보는 묶음입니다.",
        "point": "칸을 가리키면 두 항목이 보이고, 클릭하면 고정됩니다.",
        "keys": "화살표 키로 칸을 옮겨 다니고, Enter로 고정하고, Escape로 해제합니다.",
        "cosine": "코사인 유사도 {before} → {after} ({difference})",
        "pair": "서로 짝",
        "no_pair": "짝이 아님",
        "same": "같은 항목",
        "sample": "쌍 {pairs}개에서 고르게 뽑은 {shown}개입니다.",
    },
}
