"""Why pairs cannot be read: files, tables and their columns (`lab.data`)."""

from __future__ import annotations

UPLOADS = {
    # Files
    "there are no pairs {name}; name a file, a folder, a ZIP, or one of {bundled}": "{name} "
    "데이터 쌍이 없습니다. 파일, 폴더, ZIP을 지정하거나 다음 중 하나를 선택하세요: {bundled}",
    "there is no file or folder {name} that can be read; check its name": (
        "{name}: 읽을 수 있는 파일이나 폴더가 없습니다. 이름을 확인하세요."
    ),
    "{name} is larger than {most} MB; upload a part of it": "{name}: {most} MB보다 큽니다. 일부만 "
    "업로드하세요.",
    "{name} is larger than {most} MB; make it smaller": "{name}: {most} MB보다 큽니다. 크기를 "
    "줄이세요.",
    "{name} cannot be read; check its permissions": "{name}: 읽을 수 없습니다. 파일 권한을 "
    "확인하세요.",
    "{name} unpacks to more than {most} MB; upload a part of it": "{name}: 압축을 풀면 {most} MB를 "
    "넘습니다. 일부만 업로드하세요.",
    "{name} unpacks to more than {most} MB of {what:phrase}; upload a part of it, or pack pictures "
    "as files into a ZIP": "{name}: 압축을 풀면 {what:phrase}만 {most} MB를 넘습니다. 일부만 "
    "업로드하거나, 이미지를 파일로 ZIP에 넣으세요.",
    "texts": "텍스트",
    "pictures": "이미지",
    "{name} holds more than {most} files": "{name}: 파일이 {most}개를 넘습니다.",
    "{name} holds more than {most} files; pack fewer": (
        "{name}: 파일이 {most}개를 넘습니다. 파일 수를 줄여 다시 압축하세요."
    ),
    "{name} is not a whole ZIP; pack it again": "{name}: 온전한 ZIP이 아닙니다. 다시 압축하세요.",
    "{name} is broken in the ZIP; pack it again": "{name}: ZIP 안에서 깨져 있습니다. 다시 "
    "압축하세요.",
    "{name} is not a whole Parquet file; write it again": "{name}: 온전한 Parquet 파일이 아닙니다. "
    "다시 저장하세요.",
    "{name} holds folders more than {most} deep; move them up": "{name}: 폴더가 {most}단계보다 "
    "깊게 들어가 있습니다. 위로 옮기세요.",
    "{name} holds pictures of more than {most} million pixels together; make them smaller": "{name}"
    ": 이미지를 모두 합치면 {most}백만 픽셀을 넘습니다. 크기를 줄이세요.",
    # Tables
    "{name} is no table that can be read; save it as CSV, TSV, JSON Lines or Parquet (UTF-8), or "
    "pack it with its images into a ZIP": "{name}: 읽을 수 있는 표가 아닙니다. CSV, TSV, JSON "
    "Lines, Parquet 중 하나(UTF-8)로 저장하거나, 이미지와 함께 ZIP으로 압축하세요.",
    "{name} is a ZIP or an Excel workbook under another name; save it as 'CSV UTF-8', or give a "
    "ZIP its suffix .zip": "{name}: 이름만 바꾼 ZIP 또는 Excel 통합 문서입니다. 'CSV UTF-8'로 "
    "저장하거나, ZIP이면 확장자를 .zip으로 바꾸세요.",
    "{name} is neither UTF-8 nor CP949 (line {line} is not); save it as 'CSV UTF-8' in Excel, or "
    "with the encoding UTF-8 in a text editor": "{name}: UTF-8도 CP949도 아닙니다({line}행). "
    "Excel에서 'CSV UTF-8'로 저장하거나, 텍스트 편집기에서 UTF-8 인코딩으로 저장하세요.",
    "the table {table} in {name} {reason:phrase}": "{name} 안의 표 {table}: {reason:phrase}",
    "{name} holds several tables ({tables}); keep one of them": "{name}: 표가 여러 개 "
    "있습니다({tables}). 하나만 남기세요.",
    "{name} holds several tables ({tables}); keep one, or name it metadata.csv": "{name}: 표가 "
    "여러 개 있습니다({tables}). 하나만 남기거나, 쓸 표의 이름을 metadata.csv로 바꾸세요.",
    "{name} holds {count} pictures and no table; add a metadata.csv with the columns image,text "
    "and a line like cat.jpg,a sleeping cat for each picture": "{name}: 이미지 {count}개만 있고 "
    "표가 없습니다. image,text 열과, 이미지마다 ‘cat.jpg,자는 고양이’ 같은 줄이 있는 "
    "metadata.csv를 추가하세요.",
    "{name} holds no header line; its first line must name the columns": "{name}: 헤더가 없습니다. "
    "첫 줄에 열 이름을 쓰세요.",
    "the quotes in {name} do not match in too many lines, line {line} the last; write a quote "
    "inside a cell twice": "{name}: 따옴표의 짝이 맞지 않는 줄이 너무 많습니다(마지막은 {line}행). "
    "칸 안의 따옴표는 두 번 쓰세요.",
    "{name} holds far more lines than rows can need; upload a part of it": "{name}: 행 수에 비해 "
    "줄이 너무 많습니다. 일부만 업로드하세요.",
    "{name} holds more than {most} rows; upload a part of it": "{name}: 행이 {most}개를 넘습니다. "
    "일부만 업로드하세요.",
    "{name} holds more than {most} columns; keep the two of the pair": "{name}: 열이 {most}개를 "
    "넘습니다. 쌍을 이루는 두 열만 남기세요.",
    "{name} holds more than {most} cells; keep the two columns of the pair": "{name}: 칸이 {most}"
    "개를 넘습니다. 쌍을 이루는 두 열만 남기세요.",
    # Columns
    "both sides are column {column}; choose another from {columns}": "양쪽 모두 {column} 열입니다. "
    "다음 중 다른 열을 선택하세요: {columns}",
    "the columns {columns} do not say which two are the pair; choose them, or name them "
    "{names:phrase}": (
        "열 이름({columns})만으로는 어느 두 열이 쌍인지 알 수 없습니다. 두 열을 직접 "
        "선택하거나, 이름을 {names:phrase}로 바꾸세요."
    ),
    "image and text": "image, text",
    "sentence1 and sentence2": "sentence1, sentence2",
    "there is no column {column}; choose from {columns}": "{column} 열이 없습니다. 다음 중에서 "
    "선택하세요: {columns}",
    "column {column} names pictures ({picture}, say), but none of them is in the upload, and none "
    "is fetched from the web; pack the table and its pictures into one ZIP": "{column} 열에 이미지 "
    "이름({picture} 등)이 있지만 업로드에는 그 이미지가 하나도 없고, 웹에서는 가져오지 않습니다. "
    "표와 이미지를 ZIP 하나로 압축하세요.",
    # Pairs
    "{name} holds {pairs} usable pairs; add some, at least {least} are needed": "{name}: 쓸 수 "
    "있는 쌍이 {pairs}개입니다. {least}개 이상 되도록 추가하세요.",
    "{name} holds {pairs} usable pairs ({count} rows were left out; line {line}: {reason:phrase}); "
    "add some, at least {least} are needed": (
        "{name}: 쓸 수 있는 쌍이 {pairs}개입니다. (제외한 행 {count}개, 그중 {line}행: "
        "{reason:phrase}) 쌍이 "
        "{least}개 이상 되도록 추가하세요."
    ),
    "every pair shares a text or a picture with the next, so none can be held out; add pairs that "
    "stand alone": "모든 쌍의 텍스트나 이미지가 서로 이어져 겹쳐서 보류 쌍(held-out)을 떼어 둘 수 "
    "없습니다. 다른 쌍과 겹치지 않는 쌍을 추가하세요.",
}
