"""The numbers of a comparison: the tables, what each metric means, what a run won and lost."""

from __future__ import annotations

NUMBERS = {
    "metrics": {
        "before": "학습 전",
        "after": "학습 후",
        "higher": "높을수록 좋음",
        "lower": "낮을수록 좋음",
        "neither": "그 자체로는 좋고 나쁨이 없음",
        "better": "개선",
        "worse": "악화",
        "rose": "커짐",
        "fell": "작아짐",
        "same": "구간이 겹침",
        "chance": "우연의 범위",
        "interval": "{low} ~ {high}",
        "p": "짝지은 검정: p {p}",
        "marks": "{collapse}: 한 점에 모일 때 · {sphere}: 고르게 퍼질 때",
        "what": "{name}: 설명 보기",
        "find": "{query} → {answer} 찾기",
        "recall@1": "재현율(Recall@1)",
        "recall@5": "재현율(Recall@5)",
        "recall@10": "재현율(Recall@10)",
        "ndcg@10": "정규화 할인 누적 이득(nDCG@10)",
        "mrr": "평균 역순위(MRR)",
        "mean_rank": "평균 순위",
        "median_rank": "순위 중앙값",
        "geometry": "단위 구면 위의 기하",
        "alignment": "쌍의 정렬(alignment)",
        "uniformity_a": "균일성(uniformity), {a}",
        "uniformity_b": "균일성(uniformity), {b}",
        "uniformity_across": "균일성(uniformity), {a} · {b} 사이",
        "modality_gap": "{a} · {b} 간격",
    },
    "metric_notes": {
        "recall@1": "정답이 보류 답 전체에서 1위로 나온 질의의 비율입니다. p는 짝지은 검정의 "
        "값으로, 쌍마다 학습 전과 후를 무작위로 바꾸었을 때 재현율이 이만큼 달라질 확률입니다.",
        "recall@5": "정답이 5위 안에 든 질의의 비율입니다.",
        "recall@10": "정답이 10위 안에 든 질의의 비율입니다.",
        "ndcg@10": "정답이 1위이면 1이고, 순위가 내려갈수록 작아지며(1 / log₂(1 + 순위)), 10위 "
        "밖이면 0입니다. 모든 질의의 평균입니다.",
        "mrr": "1 / 순위의 평균입니다. 정답이 늘 1위이면 1, 늘 2위이면 0.5입니다.",
        "mean_rank": "정답의 평균 순위입니다. 아주 낮은 순위 몇 개만 있어도 커지며, 중앙값에는 "
        "그것이 드러나지 않습니다.",
        "median_rank": "정답의 절반이 이 순위이거나 그보다 위에 있습니다.",
        "alignment": "쌍을 이루는 두 항목이 얼마나 가까운지, 곧 거리 제곱의 평균입니다. 모두 한 "
        "점에 모여도 0이므로 이것만으로는 알 수 없습니다(Wang & Isola 2020).",
        "uniformity": "임베딩이 구면을 얼마나 고르게 덮는지 나타냅니다. 이쪽 두 항목에 대한 "
        "exp(−2 · 거리²) 평균의 로그로, 모두 한 점에 모이면 0, d차원에서 고르게 퍼지면 약 "
        "−4 + 8/d입니다(Wang & Isola 2020).",
        "uniformity_across": "한쪽 항목과, 짝이 아닌 반대쪽 항목 사이에서 잰 같은 값입니다. 오답이 "
        "멀리 있을수록 낮습니다.",
        "modality_gap": "양쪽 중심 사이의 거리입니다(Liang et al. 2022). 간격이 넓은 모델도 모든 "
        "쌍을 찾을 수 있으므로, 넓거나 좁은 것 자체는 좋고 나쁨이 아닙니다.",
    },
    "balance": {
        "new": "새로운 쌍: {name}의 보류 쌍(held-out) {count}개",
        "control": "{name} 대조 세트: 학습에 쓰지 않은 쌍 {count}개",
        "before": "학습 전",
        "after": "학습 후",
        "change": "{gain} (95% 구간: {low} ~ {high}, p {p})",
        "rose": "상승",
        "fell": "하락",
        "same": "그대로",
        "chance": "우연의 범위",
        "scale": "두 방향 평균 재현율(Recall@1)",
        "kept": "대조 세트는 기본 모델이 원래 할 수 있던 것을 묻습니다. 이 값이 내려갔다면 "
        "새로운 쌍에서 얻은 것의 대가입니다. 에포크나 학습률을 낮추거나, 업데이트를 더 약하게"
        "(λ < 1) 적용하면 덜 잊습니다.",
        "no_control": "이 실행에는 대조 세트가 없어 무엇을 잊었는지 알 수 없습니다.",
    },
    "controls": {
        "shapes-en": "영어",
        "captions-en": "영어",
    },
    "groups": {
        "column": "열",
        "direction": "방향",
        "title": "그룹별 재현율(Recall@1)",
        "pairs": "쌍 {count}개",
        "others": "그 밖의 작은 그룹 {groups}개, 쌍 {pairs}개",
        "unlabelled": "(빈 값)",
        "hint": "작은 숫자는 비율의 95% 신뢰 구간(Wilson)이며, 그룹이 작을수록 넓습니다.",
    },
    "forgetting": {
        "control": "대조 세트: 잊지 말아야 할 것",
        "control_info": "학습에는 쓰지 않고 학습 전과 후에 점수만 매깁니다.",
        "auto": "내장 영어 세트",
        "none": "없음",
        "upload": "대조 세트 업로드",
    },
}
