"""What stands on and around the maps, and about the neighbours of an item."""

from __future__ import annotations

MAPS = {
    "maps": {
        "before": "학습 전",
        "after": "학습 후",
        "colour": "색 기준",
        "side": "쌍의 양쪽",
        "change": "순위 변화",
        "moved": "움직인 거리(원래 공간)",
        "travelled": "움직인 거리(지도)",
        "cluster": "학습 후 공간의 군집",
        "cluster_name": "군집 {number}",
        "other": "기타",
        "blank": "(빈 값)",
        "lines": "쌍을 선으로 잇기",
        "trails": "움직인 자취",
        "pca": "PCA",
        "umap": "UMAP",
        "umap_waits": "UMAP 계산 중",
        "gained": "순위 상승",
        "lost": "순위 하락",
        "rank": "정답의 순위: {before} → {after}",
        "search": "지도에서 텍스트 찾기",
        "not_found": "그런 텍스트는 지도에 없습니다.",
        "lasso": "올가미로 고르기",
        "in_loop": "올가미 안",
        "marked": "두 지도에 {count}개 표시",
        "clear": "해제",
        "more": "외 {count}개",
        "play": "재생",
        "way": "학습 전 자리에서 학습 후 자리로 가는 지도",
        "on_the_way": "{share}% 이동",
        "hint": "항목을 가리키면 두 지도에 함께 표시되고, 짝은 점선 고리로 나타납니다. 클릭하면 "
        "고정됩니다. 끌면 확대되고, 두 번 클릭하면 되돌아갑니다.",
        "keys": "화살표 키로 항목을 옮겨 다니고, Enter로 고정하고, Escape로 해제합니다.",
        "faith_pca": "이 지도를 믿을 수 있는 정도: 항목의 실제 최근접 {neighbours}개 가운데 학습 "
        "전 {kept_before}, 학습 후 {kept_after}가 지도에서도 최근접 {neighbours}개에 듭니다(신뢰도 "
        "{trust_before}, {trust_after}; 1이 최고). PCA는 두 지도를 같은 축에 그리므로, 지도에서 "
        "움직인 것은 실제로 움직인 것입니다.",
        "faith_umap": "이 지도를 믿을 수 있는 정도: 항목의 실제 최근접 {neighbours}개 가운데 학습 "
        "전 {kept_before}, 학습 후 {kept_after}가 지도에서도 최근접 {neighbours}개에 듭니다(신뢰도 "
        "{trust_before}, {trust_after}; 1이 최고). 아무것도 바뀌지 않아도 다시 배치하면 항목은 "
        "지도 너비의 {floor}만큼 움직입니다. 여기서는 {moved} 움직였고(중앙값), 항목의 {beyond}가 "
        "그런 잡음보다 더 움직였습니다.",
    },
    "layout": {
        "title": "UMAP 설정",
        "info": "이 페이지의 지도만 바뀌고 실행은 그대로입니다. 시드는 실행의 시드입니다.",
        "n_neighbors": "이웃 수",
        "n_neighbors_info": "적으면 작은 무리가, 많으면 전체 모양이 보입니다.",
        "min_dist": "최소 거리",
        "min_dist_info": "항목을 얼마나 가까이 붙여 놓아도 되는지 정합니다.",
        "metric": "원래 공간의 거리",
        "cosine": "코사인",
        "euclidean": "유클리드",
        "again": "다시 배치",
        "running": "점 {points}개를 배치하는 중…",
        "measuring": "새 지도를 믿을 수 있는 정도를 재는 중…",
        "done": "{seconds}초 만에 다시 배치했습니다.",
        "no_run": "보여 줄 실행의 지도가 없습니다. 먼저 미세 조정을 하세요.",
        "failed": "그렇게는 배치할 수 없습니다: {error}",
    },
    "neighbours": {
        "title": "무엇이 무엇 곁에 있는가",
        "empty": "지도에서 항목을 고르거나, 추천 항목을 고르세요.",
        "before": "학습 전 최근접",
        "after": "학습 후 최근접",
        "of": "이웃을 볼 항목",
        "across": "반대쪽에서",
        "within": "같은 쪽에서",
        "common": "유지",
        "lost": "사라짐",
        "gained": "새로 옴",
        "partner": "자기 짝",
        "summary": "{count}개 가운데 유지 {common}개, 사라짐 {lost}개, 새로 옴 {gained}개. 지도가 "
        "아니라 원래 공간에서 코사인으로 잰 것입니다.",
    },
    "overlap": {
        "title": "항목마다 유지된 최근접 이웃 수",
        "waits": "모든 항목의 이웃을 비교하는 중…",
        "bar": "{count}개 중 {kept}개 유지(겹침 {jaccard}): 항목 {items}개",
        "marks": "{count}개 중 {first}개 유지",
        "marks_span": "{count}개 중 {first}~{last}개 유지",
        "none_kept": "모두 바뀜",
        "all_kept": "{count}개 모두 유지",
        "note": "항목마다 반대쪽의 최근접 {count}개를 원래 공간에서 학습 전과 후에 비교했습니다. "
        "겹침은 자카드(Jaccard) 지수로, 전체 중 공통의 비율입니다. 막대를 누르거나 여러 막대를 "
        "끌면 그 항목들이 지도에 표시됩니다.",
        "sample": "항목 {items}개에서 고르게 뽑은 {shown}개입니다.",
        "suggested": "먼저 볼 만한 항목",
        "replaced": "이웃이 거의 다 바뀜(겹침)",
        "moved": "가장 멀리 움직임(코사인 거리)",
        "closer": "짝과 가까워짐(코사인 변화)",
        "apart": "짝과 멀어짐(코사인 변화)",
        "kept": "이웃을 유지함(겹침)",
    },
}
