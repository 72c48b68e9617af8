"""The page's own texts: the form, the tabs, a run's state, its complaints."""

from __future__ import annotations

PAGE = {
    "page": {
        "tagline": "내 데이터 쌍으로 임베딩 모델을 LoRA로 미세 조정하고, 무엇이 달라졌는지 "
        "확인하세요.",
        "model": "1  모델",
        "model_info": "내장 모델, 허브 ID 또는 폴더 경로입니다. 직접 입력하고 Enter를 누르세요.",
        "pooling": "풀링",
        "pairs": "2  데이터 쌍",
        "upload": "내 데이터 쌍 업로드",
        "upload_info": "CSV, TSV, JSON Lines, Parquet 파일, 또는 그중 하나와 이미지를 함께 담은 "
        "ZIP. 파일은 이 기기에서만 읽으며 다른 곳으로 보내지 않습니다.",
        "a_column": "첫째 열",
        "b_column": "둘째 열",
        "layers": "3  레이어",
        "layers_info": "선택한 레이어에 업데이트 B·A가 더해집니다. 각 줄은 레이어 수, 출력×입력, "
        "학습 파라미터 수입니다.",
        "narrow": "레이어 범위 좁히기",
        "parents": "이름이 같은 레이어",
        "towers": "타워",
        "first": "첫 레이어",
        "last": "끝 레이어",
        "lora": "4  LoRA",
        "r": "랭크 r",
        "r_info": "B·A의 폭입니다. 클수록 더 많이 배울 수 있고, 학습 파라미터도 늘어납니다.",
        "alpha": "알파(alpha)",
        "alpha_info": "업데이트에 alpha / r을 곱합니다.",
        "training": "학습 설정",
        "dropout": "업데이트 입력의 드롭아웃",
        "bias": "함께 학습할 편향(bias)",
        "epochs": "에포크",
        "batch_size": "배치 크기",
        "batch_info": "같은 배치에 있는 다른 쌍들이 네거티브가 됩니다.",
        "learning_rate": "학습률",
        "temperature": "온도",
        "learn_temperature": "온도도 학습",
        "validation_fraction": "검증 손실용으로 떼어 둘 비율",
        "patience": "검증 손실이 이만큼의 에포크 동안 나아지지 않으면 조기 종료 (0: 사용 안 함)",
        "seed": "시드",
        "start": "미세 조정 시작",
        "stop": "중지하고 결과 유지",
        "go_on": "중단된 학습 처음부터 다시 하기",
        "go_on_after": "중단된 학습 이어가기({steps}스텝 중 {done}스텝까지 함)",
        "tab_pairs": "데이터 쌍",
        "tab_layers": "레이어",
        "tab_training": "학습",
        "tab_compare": "전후 비교",
        "tab_take": "내려받기",
        "section_numbers": "보류 쌍(held-out)으로 본 학습 전과 후",
        "section_matrices": "코사인 유사도",
        "matrices_wait": "항목을 비교하는 중…",
        "section_changes": "가장 많이 바뀐 쌍",
        "language": "언어",
        "theme": "밝게 또는 어둡게",
        "ready": "준비 완료 · {device}",
        "cpu": "CPU 코어 {cores}개",
        "gpu": "GPU",
        "loading": "준비하고 있습니다…",
        "pairs_summary": "{a}–{b} 쌍 {count}개. 그중 {test}개는 학습에 쓰지 않고 비교용으로 "
        "남겨 둡니다(held-out). {columns}",
        "columns": "그 밖의 열: {names}.",
        "rejected": "제외한 행: {count}개",
        "rejected_row": "{line}행: {reason}",
        "more_rejected": "그 외 {count}개",
        "totals": "레이어 {layers}개에서 전체 파라미터 {total}개 중 {trainable}개를 "
        "학습합니다({share}%). 어댑터 파일은 {size}입니다.",
        "estimate": "이 기기에서 약 {time} 걸립니다.",
        "rank_caption": "{name}: W의 {frozen}개는 고정하고, 그 {share}%인 {trained}개만 B와 A로 "
        "학습합니다.",
        "adapter": "PEFT용 어댑터 (ZIP)",
        "whole_run": "실행 결과 전체 (ZIP)",
        "report": "보고서 (HTML)",
        "take_empty": "아직 내려받을 것이 없습니다. 먼저 미세 조정을 하세요.",
        "take": "저장한 어댑터를 베이스 모델의 새 복사본에 다시 읽어 확인했습니다. 임베딩의 최대 "
        "차이는 {difference}입니다.",
        "take_gone": "이 실행의 파일은 더 이상 보관하지 않습니다. 내려받으려면 다시 미세 "
        "조정하세요.",
        "code": "이 페이지 없이 똑같이 실행하기",
        "load_code": "PEFT나 LoRA Lab으로 어댑터 불러오기",
        "run_line": "{model} · {pairs}: 쌍 {train}개로 {steps}스텝 학습, r = {r}, 학습 파라미터 "
        "{trainable}개.",
        "before_only": "아직 학습하지 않은 베이스 모델입니다. ‘미세 조정 시작’을 누르면 무엇이 "
        "달라지는지 볼 수 있습니다.",
        "stage_pairs": "데이터 쌍을 읽는 중",
        "stage_model": "모델을 불러오는 중",
        "stage_baseline": "베이스 모델로 보류 쌍을 임베딩하는 중",
        "stage_control": "대조 세트 임베딩 중",
        "stage_training": "학습 중",
        "stage_embedding": "보류 쌍을 다시 임베딩하는 중",
        "stage_comparing": "비교하는 중",
        "stage_saving": "어댑터와 보고서를 저장하는 중",
        "stage_layout": "UMAP 지도를 계산하는 중",
        "queued": "대기 중: 앞에 {ahead}건",
        "queued_wait": "약 {time} 뒤 시작",
        "step": "학습 중: {steps}스텝 중 {step}, 손실 {loss}",
        "stopping": "이번 스텝까지만 하고 중지합니다",
        "left": "약 {time} 남음",
        "seconds": "{count}초",
        "minutes": "{count}분",
        "hours": "{count}시간",
        "done": "완료: {steps}스텝, {time} 걸렸습니다.",
        "in_chunks": "메모리에 맞추어 한 번에 {count}쌍씩 나누어 학습했습니다. 결과는 같고 속도만 "
        "느려집니다.",
        "stopped": "{steps}스텝에서 중지했습니다. 그때까지 학습한 내용은 그대로 남습니다.",
        "stopped_time": "여기서 한 번에 쓸 수 있는 실행 시간이 끝나 {steps}스텝에서 중지했습니다. "
        "그때까지 학습한 내용은 그대로 남습니다.",
        "stopped_left": "이 페이지가 닫혀 있어 {steps}스텝에서 중지했습니다. 그때까지 학습한 "
        "내용은 "
        "그대로 남습니다.",
        "failed": "도중에 끝났습니다: {error}",
        "wait": "먼저 불러올 수 있는 모델과 데이터 쌍을 선택하세요.",
        "login_tries": "한 이름으로 여러 번 틀리면 그 이름의 로그인은 비밀번호가 맞아도 잠시 "
        "거절됩니다(최대 {minutes}분). 기다렸다가 다시 시도하세요.",
    },
    "complaints": {
        "no_layer": "선택한 레이어가 없습니다. 하나 이상 선택하세요.",
        "no_tower": "선택한 타워가 없습니다. 하나 이상 선택하세요.",
        "range": "첫 레이어({first})가 끝 레이어({last})보다 뒤에 있습니다.",
        "obstacle": "{title}. {way_out}",
        "folders": "여기서는 서버의 폴더를 열 수 없습니다. 모델 이름이나 허브 ID를 선택하세요.",
        "no_upload": "업로드한 파일에 {name!r} 항목이 없습니다. 다시 업로드하세요.",
        "under_way": "실행은 한 번에 {limit}개까지 진행할 수 있고, 이미 진행 중입니다. 중지하거나 "
        "끝날 때까지 기다리세요.",
        "queue_full": "실행 {limit}개가 대기 중이어서 더 받을 수 없습니다. 잠시 뒤 다시 "
        "시도하세요.",
        "sweep_ranks": "레이어의 한도 안에서 선택한 랭크가 없습니다. 하나 이상 선택하세요",
        "sweep_rates": "{text!r}은(는) 학습률 목록이 아닙니다. 0보다 크고 1 이하인 수를 쉼표로 "
        "나누어 적으세요",
        "sweep_points": "이 실험에서 끝난 점 중 서로 다른 두 개를 고르세요",
        "left_queue": "대기하는 동안 페이지가 닫혀 있어 대기열에서 빠졌습니다. 다시 시작하세요.",
        "memory_full": "지금은 LoRA Lab의 메모리가 가득 찼습니다. 잠시 뒤 다시 시도하거나, 더 작은 "
        "모델, 더 적은 데이터 쌍, 더 작은 배치를 선택하세요.",
        "withdrawn": "시작하기 전에 대기열에서 뺐습니다. 언제든 다시 시작할 수 있습니다.",
        "restarting": "LoRA Lab을 다시 시작하는 중입니다. 잠시 뒤 페이지를 새로 고치면 하던 일이나 "
        "기다리던 일을 이어갈 수 있습니다.",
        "unknown_visitor": "LoRA Lab이 이 페이지를 더는 알지 못합니다. 새로 고침하세요.",
        "uploads": "파일을 {limit}개 업로드했고, 방문자 한 명이 둘 수 있는 한도입니다. 그중 하나를 "
        "선택하세요.",
        "upload_mb": "이 파일까지 더하면 업로드가 방문자 한 명의 한도인 {limit:,} MB를 넘습니다. "
        "크기를 줄이거나 전에 업로드한 파일을 선택하세요.",
        "all_uploads_mb": "모든 방문자의 업로드는 {limit:,} MB까지 둘 수 있는데, 이 파일은 남은 "
        "공간보다 큽니다. 크기를 줄이거나 몇 시간 뒤 다시 시도하세요.",
        "gate_elsewhere": "다른 기기의 파일은 여기서 가져오지 않습니다. 그곳에서 직접 받으세요.",
        "gate_link": "페이지의 상태를 담은 링크는 없습니다. 대신 실행을 내려받으세요.",
        "gate_length": "업로드의 크기를 알 수 없습니다. Content-Length와 함께 보내세요.",
        "gate_request": "요청이 {limit} MB보다 큽니다. 더 작게 보내세요.",
        "gate_large": "파일이 {limit:,} MB보다 큽니다. 일부만 업로드하세요.",
        "gate_full": "{limit:,} MB가 차서 업로드를 더 받을 수 없습니다. 몇 시간 뒤 다시 "
        "시도하세요.",
        "limit": "{name} = {value!r}: 0보다 큰 정수로 정하세요.",
        "limit_or_none": "{name} = {value!r}: 0보다 큰 수로 정하거나, 한도가 없으면 none으로 "
        "정하세요.",
        "limit_visitors": "visitors = {value}: 실행을 진행할 수 있는 {busy}명보다 크게 정하세요.",
        "login_half": "LAB_USER와 LAB_PASSWORD는 함께 써야 합니다. 둘 다 정하거나 둘 다 비워 "
        "두세요.",
        "login_file": "LAB_LOGINS가 가리키는 {name!r} 파일에 name:password 형식의 줄이 없습니다. "
        "고쳐 주세요.",
        "no_query": "먼저 텍스트를 입력하거나 이미지 또는 예시를 고르세요.",
        "query_long": "검색어는 {limit:,}자까지 쓸 수 있습니다. 줄여 주세요.",
        "query_large": "이미지가 {limit} MB보다 큽니다. 더 작은 이미지를 고르세요.",
        "query_no_image": "이 모델은 텍스트만 읽습니다. 텍스트를 입력하세요.",
        "query_not_finite": "이 검색어에 대한 모델의 출력이 유한한 수가 아닙니다. 다른 검색어를 "
        "입력하세요.",
        "crashed": "LoRA Lab 내부에서 오류가 났습니다({kind}). 제보해 주세요.",
    },
    "choices": {
        "tiny-clip": "그린 도형을 배운 작은 CLIP",
        "tiny-gpt2": "작은 GPT-2",
        "tiny-bert": "작은 BERT",
        "tiny-sentence": "작은 다국어 문장 모델",
        "shapes-ko": "그린 도형과 한국어 설명",
        "emoji-ko": "이모지와 한국어 이름",
        "captions-en-ko": "영어와 한국어 설명문",
        "mean": "토큰 평균(mean)",
        "cls": "첫 토큰(CLS)",
        "last": "마지막 토큰(last)",
        "none": "없음(none)",
        "lora_only": "LoRA 레이어만(lora_only)",
        "all": "전부(all)",
        "vision": "이미지 타워",
        "text": "텍스트 타워",
    },
}
