"""What stands on and around the charts."""

from __future__ import annotations

CHARTS = {
    "loss": {
        "loss": "배치별 손실",
        "smooth": "이동 평균",
        "validation": "검증 손실",
        "step": "스텝",
        "chance": "무작위 수준",
        "empty": "아직 실행한 학습이 없습니다. 학습하는 동안 손실 곡선이 여기에 그려집니다.",
    },
    "matrices": {
        "before": "학습 전",
        "after": "학습 후",
        "difference": "차이",
        "pairs_on_diagonal": "대각선이 서로 짝인 쌍입니다. 칸을 가리키면 두 항목이 보입니다.",
        "cell": "{before} → {after}",
        "sample": "쌍 {pairs}개에서 고르게 뽑은 {shown}개입니다.",
    },
    "changes": {
        "risen": "가장 많이 오른 쌍",
        "fallen": "가장 많이 내린 쌍",
        "none": "없습니다.",
        "rank": "순위 {before} → {after}",
    },
    "verdict": {
        "mean_rose": "보류 쌍(held-out) {pairs}개에서 {b} → {a} 찾기와 {a} → {b} 찾기의 평균 "
        "Recall@1이 올랐습니다: {before} → {after} (95%: {low} ~ {high})",
        "mean_fell": "보류 쌍(held-out) {pairs}개에서 {b} → {a} 찾기와 {a} → {b} 찾기의 평균 "
        "Recall@1이 내렸습니다: {before} → {after} (95%: {low} ~ {high})",
        "mean_chance": "보류 쌍(held-out) {pairs}개에서 {b} → {a} 찾기와 {a} → {b} 찾기의 평균 "
        "Recall@1이 우연으로도 생길 만큼만 바뀌었습니다: {before} → {after} (95%: {low} ~ {high})",
        "mean_same": "보류 쌍(held-out) {pairs}개에서 {b} → {a} 찾기와 {a} → {b} 찾기의 평균 "
        "Recall@1이 {after} 그대로입니다",
        "way_rose": "{query} → {answer} 찾기는 올랐습니다({before} → {after})",
        "way_fell": "{query} → {answer} 찾기는 내렸습니다({before} → {after})",
        "control_rose": "대조 세트 {name}에서는 올랐습니다({before} → {after})",
        "control_fell": "대조 세트 {name}에서는 내렸습니다({before} → {after})",
        "control_chance": "대조 세트 {name}에서는 우연으로도 생길 만큼만 바뀌었습니다({before} → "
        "{after})",
        "control_same": "대조 세트 {name}에서는 {after} 그대로입니다",
        "joint": ".",
    },
    "sides": {
        "image": "이미지",
        "text": "텍스트",
    },
}
