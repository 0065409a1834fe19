# The portal's image: one for web, worker and beat (docker-compose.yml says which is which).

FROM node:24-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/portal
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=anyang_sep.settings.production PORTAL_VAR=/var/lib/portal
COPY requirements/uv.txt requirements/run.txt requirements/
RUN pip install --no-cache-dir -r requirements/uv.txt && uv pip install --system --no-cache -r requirements/run.txt
COPY . .
COPY --from=front-end /build/node_modules node_modules
# Front-end files to static/vendor/, then hashed and compressed; the values are placeholders for this step alone.
RUN python scripts/setup.py vendor && rm -rf node_modules \
    && PORTAL_SECRET_KEY=only-to-collect-static-files-000000000000000000000000 PORTAL_FIELD_KEYS=- PORTAL_FIELD_HASH_KEY=- \
       PORTAL_HOSTS=localhost PORTAL_ADDRESS=https://localhost PORTAL_DATABASE_URL=postgresql://- PORTAL_REDIS_URL=redis://- \
       python manage.py collectstatic --noinput --verbosity 0
RUN useradd --system --home-dir /var/lib/portal portal && mkdir -p /var/lib/portal/files && chown -R portal /var/lib/portal
USER portal
VOLUME /var/lib/portal/files
EXPOSE 8000
CMD ["honcho", "start", "web"]
