# The site in a container; compose.yaml shows it in company.
FROM node:22-trixie-slim AS scripts
COPY config/frontend /frontend
RUN /frontend/install /made

FROM python:3.13-slim-trixie

RUN apt-get update \
 && apt-get install -y --no-install-recommends gettext fonts-noto-core ffmpeg \
    tesseract-ocr tesseract-ocr-eng tesseract-ocr-vie tesseract-ocr-khm tesseract-ocr-lao \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home nhasan \
 && install -d -o nhasan -g nhasan -m 750 /data

WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
COPY --from=scripts /made/static .venv/frontend/static
RUN for source in $(find . -name django.po); do msgfmt --check-format -o "${source%.po}.mo" "$source" || exit 1; done

USER nhasan
ENV NHASAN_DATA_DIR=/data PYTHONUNBUFFERED=1
EXPOSE 8000
