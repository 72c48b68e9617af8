"""The retrieval explorer: a query of the visitor's own, and what comes first."""

from __future__ import annotations

EXPLORER = {
    "explorer": {
        "tab": "검색해 보기",
        "empty": "모델과 데이터 쌍을 불러오면 여기에서 보류 쌍(held-out)을 검색할 수 있습니다.",
        "base": "학습 전의 {model}, {pairs}의 보류 쌍 {count}개를 검색합니다. 미세 조정을 하면 "
        "학습 후의 결과가 나란히 나옵니다.",
        "label": "직접 쓴 텍스트로 검색",
        "label_image": "직접 쓴 텍스트나 이미지로 검색",
        "placeholder": "입력한 뒤 Enter를 누르세요",
        "search": "검색",
        "image": "이미지를 고르거나 끌어다 놓기",
        "among": "검색 대상",
        "sides_hint": "{b} 쪽에서 찾을 때는 검색어를 {a}(으)로, {a} 쪽에서 찾을 때는 {b}(으)로 "
        "읽습니다.",
        "private": "검색한 내용은 메모리에서만 읽으며 남기지 않습니다.",
        "examples": "또는 정답을 아는 보류 쌍으로 검색:",
        "waiting": "검색하는 중…",
        "large": "이미지가 {limit} MB보다 큽니다. 더 작은 이미지를 고르세요.",
        "failed": "이미지를 읽을 수 없습니다. 다른 이미지를 고르세요.",
        "query": "검색어",
        "before": "학습 전",
        "after": "학습 후",
        "score": "코사인 유사도(0 ~ 1)",
        "right": "정답",
        "rose": "학습으로 올라옴",
        "fell": "학습으로 내려감",
        "was": "전에는 {place}위",
        "now": "이제 {place}위",
        "same": "같은 순위",
        "right_both": "정답의 순위: {size}개 중 학습 전 {before}위, 학습 후 {after}위.",
        "right_before": "정답의 순위: {size}개 중 {before}위.",
    },
}
