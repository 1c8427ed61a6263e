# docker build -t mpp-gateway .
# docker run --read-only -p 8080:8080 -v ./my-mall:/config:ro -v mpp-data:/data mpp-gateway
#
# Debian's slim image, not Alpine: the C library that the tests run on, and a resolver that agencies' private DNS can rely on.
# /config must be readable for uid 1000 (or say --user); give the container longer to stop than the longest deadline.
ARG NODE=node:26.10.0-slim

FROM ${NODE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional dependencies are Node itself for other machines; source maps are for nobody here.
RUN npm ci --omit=dev --omit=optional && find node_modules -name '*.map' -delete

FROM ${NODE}
ENV NODE_ENV=production HOST=0.0.0.0 MPP_CONFIG=/config MPP_DATA=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY contracts contracts
COPY adapters adapters
COPY gateway gateway
COPY config/init config/init
COPY config/services.yaml config/services.yaml
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "gateway/start.js"]
