# One image for all services: `docker run switchboard routing`. Ordinary syntax only: no frontend has to be pulled.
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS build
ARG PNPM_VERSION=10.34.9
ENV CI=true
RUN npm install --global --no-audit --no-fund --no-update-notifier pnpm@${PNPM_VERSION}
WORKDIR /src
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile \
 && node scripts/npm.mjs build \
 && pnpm --filter @switchboard/image deploy --legacy --prod --offline /out

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
# Group 0 may read, so that platforms which assign their own user can run it.
COPY --from=build --chown=1000:0 /out ./
USER 1000
EXPOSE 8080 50051 9464
ENTRYPOINT ["node", "dist/main.js"]
CMD ["help"]
