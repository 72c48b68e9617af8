# The lab on port 7860 as uid 1000, which is how Hugging Face runs Docker Spaces too.
FROM python:3.12-slim

# A volume over runs/ gets the owner of what it covers.
RUN useradd --create-home --uid 1000 user && \
    install --directory --owner=user --group=user /home/user/app /home/user/app/runs
USER 1000
ENV HOME=/home/user \
    PATH=/home/user/.local/bin:$PATH \
    PORT=7860 \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_ANALYTICS_ENABLED=False \
    GRADIO_TEMP_DIR=/home/user/gradio \
    HF_HOME=/home/user/.cache/huggingface \
    NUMBA_CACHE_DIR=/home/user/.cache/numba \
    PYTHONUNBUFFERED=1
WORKDIR /home/user/app

# The packages change less often than the code: a layer of their own.
COPY --chown=1000 requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --user --requirement requirements.txt --constraint constraints.txt

# UMAP compiles itself at its first fit; part of that can be kept for every start to come.
RUN python -c "import numpy, umap; umap.UMAP(n_epochs=10).fit(numpy.random.rand(300, 16))"

COPY --chown=1000 . .

EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'], timeout=4)"]
CMD ["python", "app.py"]
