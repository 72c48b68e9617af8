"""Runs that cannot be logged to a tracker (`lab.tracking`)."""

from __future__ import annotations

TRACKING = {
    "logging to {tool} needs a package that is not installed; run pip install {package}": (
        "{tool}에 기록하는 데 필요한 패키지가 없습니다. pip install {package}로 설치하세요."
    ),
    "Weights & Biases has no API key on this machine; run wandb login, or set WANDB_MODE=offline "
    "to keep runs here": "이 기기에 Weights & Biases의 API 키가 없습니다. wandb login을 "
    "실행하거나, 이 기기에만 기록하려면 WANDB_MODE=offline을 설정하세요.",
    "the run can no longer be logged ({reason}); it goes on, and its own folder will hold "
    "everything": "실행을 더는 기록할 수 없습니다({reason}). 실행은 계속되고, 모든 결과는 실행 "
    "폴더에 남습니다.",
}
