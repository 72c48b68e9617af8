"""The report's headings, notes and settings."""

from __future__ import annotations

REPORT = {
    "report": {
        "title": "{model} · {pairs} 미세 조정",
        "subtitle": "{status} · {made}",
        "status_finished": "끝까지 마친 실행",
        "status_stopped": "{planned}스텝 중 {done}스텝에서 중지한 실행",
        "status_failed": "도중에 끝난 실행: {error}",
        "made": "LoRA Lab {version}에서 작성",
        "numbers": "보류 쌍(held-out) {pairs}개로 본 학습 전과 후",
        "intervals": "작은 숫자는 보류 쌍을 부트스트랩해 구한 95% 신뢰 구간입니다.",
        "maps": "학습 전과 후의 임베딩",
        "neighbours": "무엇이 무엇 곁에 있는가",
        "matrices": "코사인 유사도",
        "changes": "가장 많이 바뀐 쌍",
        "spectra": "업데이트 ΔW 들여다보기, 레이어별",
        "loss": "학습",
        "settings": "설정",
        "load": "어댑터 사용하기",
        "load_note": "이 페이지와 함께 있는 adapter/ 폴더는 PEFT 형식입니다. 파일에서 다시 읽어 "
        "확인한 임베딩은 학습된 모델과 최대 {difference} 차이가 났습니다.",
        "with_the_lab": "또는 LoRA Lab으로",
    },
    "settings": {
        "model": "모델",
        "pooling": "풀링",
        "pairs": "데이터 쌍",
        "pairs_value": "학습 {train}개, 보류 {test}개",
        "targets": "대상 모듈",
        "rank": "r, 알파(alpha)",
        "dropout": "드롭아웃, 편향(bias)",
        "trainable": "학습 파라미터",
        "trainable_value": "전체 {total}개 중 {trainable}개({share}%)",
        "epochs": "에포크, 배치 크기",
        "learning_rate": "학습률",
        "temperature": "온도",
        "seed": "시드",
        "control": "대조 세트",
        "control_value": "{name}, 쌍 {pairs}개",
        "control_none": "없음",
        "time": "학습 시간",
        "time_value": "{seconds}초",
    },
}
