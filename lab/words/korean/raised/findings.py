"""What stands out before a run (`lab.data.preflight`): titles without a full stop, and ways out."""

from __future__ import annotations

FINDINGS = {
    "The batch ({batch}) is larger than the training pairs ({pairs})": "배치 크기({batch})가 "
    "학습 쌍 수({pairs})보다 큽니다",
    "All {pairs} go into one batch; set it to {most} or less.": "{pairs}개가 모두 한 배치에 "
    "들어갑니다. 배치 크기를 {most} 이하로 정하세요.",
    "r = {r} is larger than a layer's smaller side ({side})": (
        "r = {r}: 레이어의 짧은 변({side})보다 큽니다"
    ),
    "Choose r = {most} or less: more adds no rank.": "r을 {most} 이하로 정하세요. 더 키워도 "
    "랭크는 늘지 않습니다.",
    "Only {count} pairs": "데이터 쌍이 {count}개뿐입니다",
    "Expect wide intervals; a few hundred tell more.": "신뢰 구간이 넓게 나옵니다. 몇백 쌍은 "
    "되어야 더 확실히 알 수 있습니다.",
    "{count} pair repeats a text or a picture": "쌍 {count}개의 텍스트나 이미지가 다른 쌍과 "
    "겹칩니다",
    "{count} pairs repeat a text or a picture": "쌍 {count}개의 텍스트나 이미지가 다른 쌍과 "
    "겹칩니다",
    "They are kept apart in batches and on one side of the split.": "겹치는 쌍은 한 배치에 함께 "
    "넣지 않고, 학습용과 보류(held-out) 중 한쪽에만 둡니다.",
    "One text or picture stands in {most} of {count} pairs": "쌍 {count}개 중 {most}개에 같은 "
    "텍스트나 이미지가 들어 있습니다",
    "No batch may hold it twice, so batches will be small; add other pairs.": "한 배치에 두 번 "
    "넣을 수 없어 배치가 작아집니다. 다른 쌍을 추가하세요.",
    "{count} pairs hold the same text on both sides": "쌍 {count}개는 양쪽 텍스트가 같습니다",
    "Take them out: they teach nothing.": "배울 것이 없는 쌍이니 빼세요.",
    "{count} row was left out": "행 {count}개를 제외했습니다",
    "{count} rows were left out": "행 {count}개를 제외했습니다",
    "The first: line {line}, {reason:phrase}.": "첫 번째는 {line}행입니다. {reason:phrase}",
}
