"""Runs and sweeps that cannot be spread over processes or machines (`lab.distributed`)."""

from __future__ import annotations

DISTRIBUTED = {
    "training in several processes needs a package that is not installed; run pip install "
    "accelerate": "여러 프로세스로 학습하는 데 필요한 패키지가 없습니다. pip install accelerate로 "
    "설치하세요.",
    "this machine has {gpus} GPUs and was given more processes; launch as many as there are GPUs": (
        "이 기기에는 GPU가 {gpus}개인데 프로세스가 더 많습니다. GPU 수만큼만 실행하세요."
    ),
    "this process read other pairs or settings than the first; give each the same command and the "
    "same files": "이 프로세스가 읽은 데이터 쌍이나 설정이 첫 프로세스와 다릅니다. 모든 "
    "프로세스에 같은 명령과 같은 파일을 주세요.",
}
