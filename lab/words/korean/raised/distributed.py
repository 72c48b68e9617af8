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
    "another process of this run is gone; see what it said, and start the run again": (
        "이 실행의 다른 프로세스가 사라졌습니다. 그 프로세스가 남긴 말을 확인하고 다시 실행하세요."
    ),
    # Sweeps on a cluster
    "spreading a sweep needs a package that is not installed; run pip install ray": (
        "스윕을 여러 기기에 나누는 데 필요한 패키지가 없습니다. pip install ray로 설치하세요."
    ),
    "no Ray cluster that can be used is at {address} ({error}); begin one with ray start --head, "
    "or say local": "{address}: 쓸 수 있는 Ray 클러스터가 없습니다({error}). ray start --head로 "
    "시작하거나 local을 지정하세요.",
    "the cluster has {cpus} CPUs and {gpus} GPUs, fewer than one point takes; lower what a point "
    "takes, or add a machine": "클러스터에 CPU {cpus}개와 GPU {gpus}개가 있어 점 하나를 실행하기에 "
    "모자랍니다. 점 하나가 쓰는 양을 줄이거나 기기를 추가하세요.",
    "{point} was lost with its worker {count} times ({error}); a machine may have too little "
    "memory: give each point more CPUs, so that fewer run at a time": "{point}: 워커가 {count}번 "
    "종료되었습니다({error}). 기기의 메모리가 부족할 수 있습니다. 점마다 CPU를 더 주어 동시에 "
    "실행되는 점을 줄이세요.",
    "points on a cluster end in no order, so that none is compared with those before it; leave "
    "early stopping out, or the cluster": "클러스터에서는 점이 끝나는 순서가 정해져 있지 않아 앞선 "
    "점과 비교할 수 없습니다. 조기 중단이나 클러스터 가운데 하나를 빼세요.",
    "choose more than 0": "0보다 크게 정하세요.",
    "choose 0 or more": "0 이상으로 정하세요.",
}
